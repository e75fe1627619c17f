package org.songjiao.bench;

/** Sends instructors, within its agreement: most sessions in all and in a week, and a fair number of them. */
public final class College {
    /** A week of a college; one object each, the quickest key to group by. */
    static final class Week {
        final College college;

        private Week(College college) {
            this.college = college;
        }
    }

    final int mostSessions;
    final int mostOfWeek;
    final int target;
    /** What a session too many or too few costs, in minutes of travel. */
    final int unfairness;
    private final Week[] weeks;

    College(int mostSessions, int mostOfWeek, int target, int unfairness, int weeks) {
        this.mostSessions = mostSessions;
        this.mostOfWeek = mostOfWeek;
        this.target = target;
        this.unfairness = unfairness;
        this.weeks = new Week[weeks];
        for (int week = 0; week < weeks; week++) {
            this.weeks[week] = new Week(this);
        }
    }

    Week in(Slot slot) {
        return weeks[slot.week];
    }
}
