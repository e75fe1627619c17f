package org.songjiao.bench;

/** A place. An online session has none: {@code null} wherever a site is asked for. */
final class Site {
    /** A day at a site, on which its sessions share the rooms; one object each, the quickest key to group by. */
    static final class Day {
        final Site site;

        private Day(Site site) {
            this.site = site;
        }
    }

    final int index;
    final int rooms;
    private final Day[] days;
    private final int[] minutes;
    private final int buffer;

    Site(int index, int rooms, int days, int[] minutes, int buffer) {
        this.index = index;
        this.rooms = rooms;
        this.minutes = minutes;
        this.buffer = buffer;
        this.days = new Day[days];
        for (int day = 0; day < days; day++) {
            this.days[day] = new Day(this);
        }
    }

    Day on(Slot slot) {
        return days[slot.day];
    }

    int minutesTo(Site other) {
        return minutes[other.index];
    }

    /** Minutes needed between the end at one place and the start at the other. */
    static int gap(Site one, Site other) {
        return one == null || other == null || one == other ? 0 : one.minutesTo(other) + one.buffer;
    }
}
