package org.songjiao.bench;

/** A band of a day; minutes count from the start of the horizon, {@code index} in the list of all slots. */
public final class Slot {
    static final int DAY = 1440;
    private static final int DAYS_OF_A_WEEK = 7;

    final int index;
    final int day;
    final int week;
    final String band;
    final int start;
    final int end;

    Slot(int index, int day, String band, int startOfDay, int endOfDay) {
        this.index = index;
        this.day = day;
        this.week = day / DAYS_OF_A_WEEK;
        this.band = band;
        this.start = day * DAY + startOfDay;
        this.end = day * DAY + endOfDay;
    }

    int minutesInside(int from, int until) {
        return Math.max(0, Math.min(end, until) - Math.max(start, from));
    }

    /** Whether less than {@code gap} minutes lie between this slot and the interval. */
    boolean isTooNear(int from, int until, int gap) {
        return start < until + gap && from < end + gap;
    }
}
