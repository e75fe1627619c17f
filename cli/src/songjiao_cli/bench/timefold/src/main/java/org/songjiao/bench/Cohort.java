package org.songjiao.bench;

import java.util.Set;

/** Workers of one crew who learn together. */
final class Cohort {
    /** In place of minutes where the crew rests after a night shift. */
    static final int AT_REST = -1;

    final Site site;
    final int earliestDay;
    final int dueDay;
    final int mostReleased;
    final int mostOfWeek;
    /** What a day after the due day costs, in minutes of travel. */
    final int lateness;
    private final Set<String> preferredBands;
    private final int[] released;

    Cohort(Instance.Cohort told, Site site, int lateness, int[] releasedOfSlots) {
        this.site = site;
        this.earliestDay = told.earliestDay();
        this.dueDay = told.dueDay();
        this.mostReleased = told.releaseCap();
        this.mostOfWeek = told.maxWeekSessions();
        this.lateness = lateness;
        this.preferredBands = Set.copyOf(told.preferredBands());
        this.released = releasedOfSlots;
    }

    boolean prefers(Slot slot) {
        return preferredBands.contains(slot.band);
    }

    /** Minutes of work that a session then takes from the crew. */
    int released(Slot slot) {
        return released[slot.index];
    }

    boolean mayBeCalled(Slot slot) {
        return slot.day >= earliestDay && released(slot) != AT_REST && released(slot) <= mostReleased;
    }
}
