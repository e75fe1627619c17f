package org.songjiao.bench;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/** What the rules count in a few placed sessions: those of a cohort, of an instructor's day, of a site's day. */
final class Counts {
    /** The number decides between sessions at one time, so that a score never depends on the order of a list. */
    private static final Comparator<Session> BY_TIME = Comparator.<Session>comparingInt(
                    session -> session.slot().start)
            .thenComparingInt(session -> session.teaching().number());

    private Counts() {}

    static int released(List<Session> sessions) {
        int minutes = 0;
        for (Session session : sessions) {
            minutes += session.cohort().released(session.slot());
        }
        return minutes;
    }

    /** Pairs of which the later in teaching order is not on a later day. */
    static int outOfOrder(List<Session> sessions) {
        int pairs = 0;
        for (int one = 0; one < sessions.size(); one++) {
            Session first = sessions.get(one);
            for (int two = one + 1; two < sessions.size(); two++) {
                Session second = sessions.get(two);
                int days = second.slot().day - first.slot().day;
                pairs += first.teaching().seq() < second.teaching().seq() ? (days <= 0 ? 1 : 0) : (days >= 0 ? 1 : 0);
            }
        }
        return pairs;
    }

    /** Sessions beyond {@code most} of a week, in all weeks. */
    static int overWeeklyMost(List<Session> sessions, int most) {
        int over = 0;
        for (int one = 0; one < sessions.size(); one++) {
            int before = 0;
            for (int two = 0; two < one; two++) {
                before += sessions.get(two).slot().week == sessions.get(one).slot().week ? 1 : 0;
            }
            over += before >= most ? 1 : 0;
        }
        return over;
    }

    /** Different instructors of every unit, beyond the first of each. */
    static int extraTeachers(List<Session> sessions) {
        int extra = 0;
        for (int one = 1; one < sessions.size(); one++) {
            extra += isExtraTeacher(sessions, one) ? 1 : 0;
        }
        return extra;
    }

    /** Whether its unit stands earlier in the list, but never with this instructor. */
    private static boolean isExtraTeacher(List<Session> sessions, int at) {
        Session session = sessions.get(at);
        boolean unitIsKnown = false;
        for (int before = 0; before < at; before++) {
            Session other = sessions.get(before);
            if (other.teaching().unit() == session.teaching().unit()) {
                if (other.instructor() == session.instructor()) {
                    return false;
                }
                unitIsKnown = true;
            }
        }
        return unitIsKnown;
    }

    static int daysAfter(List<Session> sessions, int due) {
        int last = due;
        for (Session session : sessions) {
            last = Math.max(last, session.slot().day);
        }
        return last - due;
    }

    /** Pairs between which an instructor cannot come in time. */
    static int clashes(List<Session> sessions) {
        int pairs = 0;
        for (int one = 0; one < sessions.size(); one++) {
            for (int two = one + 1; two < sessions.size(); two++) {
                pairs += sessions.get(one).clashesWith(sessions.get(two)) ? 1 : 0;
            }
        }
        return pairs;
    }

    /** Minutes from home to the onsite sessions in order of time, and home again. */
    static int travel(Site home, List<Session> sessions) {
        if (sessions.size() == 1) { // nearly always
            Site site = sessions.get(0).site();
            return site == null ? 0 : 2 * home.minutesTo(site);
        }
        Session[] inOrder = sessions.toArray(Session[]::new);
        Arrays.sort(inOrder, BY_TIME);
        Site at = home;
        int minutes = 0;
        for (Session session : inOrder) {
            if (session.isOnsite()) {
                minutes += at.minutesTo(session.site());
                at = session.site();
            }
        }
        return minutes + at.minutesTo(home);
    }

    /** How many more than {@code rooms} are held at one time, at the worst moment. */
    static int withoutRoom(List<Session> sessions, int rooms) {
        int most = 0;
        for (Session starting : sessions) { // the worst moment is the start of one of them
            int held = 0;
            for (Session other : sessions) {
                held += other.slot().start <= starting.slot().start
                                && starting.slot().start < other.slot().end
                        ? 1
                        : 0;
            }
            most = Math.max(most, held);
        }
        return Math.max(0, most - rooms);
    }
}
