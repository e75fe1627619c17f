package org.songjiao.bench;

import java.util.Map;
import java.util.Set;

/** Teaches sessions. */
public final class Instructor {
    /** A day of an instructor; one object each, the quickest key to group by. */
    static final class Day {
        final Instructor instructor;

        private Day(Instructor instructor) {
            this.instructor = instructor;
        }
    }

    /** A week of an instructor. */
    static final class Week {
        final Instructor instructor;

        private Week(Instructor instructor) {
            this.instructor = instructor;
        }
    }

    final String id;
    final College college;
    final Site home;
    final int mostOfDay;
    final int mostOfWeek;
    final int fairLoad;
    private final Map<String, Integer> skills;
    private final Set<String> avoidedBands;
    private final Day[] days;
    private final Week[] weeks;

    Instructor(Instance.Instructor told, College college, Site home, int days, int weeks) {
        this.id = told.id();
        this.college = college;
        this.home = home;
        this.mostOfDay = told.maxDaySessions();
        this.mostOfWeek = told.maxWeekSessions();
        this.fairLoad = told.fairLoad();
        this.skills = told.skills();
        this.avoidedBands = Set.copyOf(told.avoidBands());
        this.days = new Day[days];
        for (int day = 0; day < days; day++) {
            this.days[day] = new Day(this);
        }
        this.weeks = new Week[weeks];
        for (int week = 0; week < weeks; week++) {
            this.weeks[week] = new Week(this);
        }
    }

    boolean isQualified(String qualification, int level) {
        return skills.getOrDefault(qualification, 0) >= level;
    }

    boolean avoids(Slot slot) {
        return avoidedBands.contains(slot.band);
    }

    Day on(Slot slot) {
        return days[slot.day];
    }

    Week in(Slot slot) {
        return weeks[slot.week];
    }
}
