package org.songjiao.bench;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Makes the plan that the solver begins with: nothing placed but what the plan in force has and can still have. */
final class Opening {
    private final Instance told;
    private final List<Slot> slots = new ArrayList<>();
    private final List<String> bands;
    private final List<Site> sites = new ArrayList<>();
    private final Map<String, College> colleges = new LinkedHashMap<>();
    private final Map<String, Instructor> instructors = new LinkedHashMap<>();
    private final Map<String, Integer> units = new HashMap<>();
    private final Map<String, Cohort> cohorts = new HashMap<>();
    private final Map<Instructor, List<Integer[]>> duties = new HashMap<>();
    private final Map<Instructor, Map<Site, BitSet>> times = new HashMap<>();
    private final Map<Instructor, Place[]> places = new HashMap<>();

    private Opening(Instance told) {
        this.told = told;
        this.bands = List.copyOf(told.bands().keySet());
        checkNights();
        readSlots();
        readSites();
        readInstructors();
        readCohorts();
    }

    static Plan of(Instance told) {
        Opening opening = new Opening(told);
        return new Plan(told.name(), List.copyOf(opening.colleges.values()), opening.sessions());
    }

    /** The rules look for clashes within a day only: who must be home overnight can reach any site the next day. */
    private void checkNights() {
        if (told.buffer() > told.dayOpen() + Slot.DAY - told.dayClose()) {
            throw new IllegalArgumentException("the night is shorter than the buffer between two sites");
        }
    }

    private void readSlots() {
        for (int day = 0; day < told.days(); day++) {
            for (String band : bands) {
                Instance.Band times = told.bands().get(band);
                slots.add(new Slot(slots.size(), day, band, times.start(), times.end()));
            }
        }
    }

    private Slot slot(int day, String band) {
        return slots.get(day * bands.size() + bands.indexOf(band));
    }

    private void readSites() {
        int[] rooms = new int[told.travel().length];
        told.enterprises().forEach(enterprise -> rooms[enterprise.site()] = enterprise.rooms());
        for (int[] minutes : told.travel()) {
            sites.add(new Site(sites.size(), rooms[sites.size()], told.days(), minutes, told.buffer()));
        }
    }

    private void readInstructors() {
        int unfairness = told.weights().unfairness();
        int weeks = slots.get(slots.size() - 1).week + 1;
        for (Instance.College each : told.colleges()) {
            colleges.put(each.id(), new College(each.capTotal(), each.capWeek(), each.target(), unfairness, weeks));
        }
        for (Instance.Instructor each : told.instructors()) {
            College college = colleges.get(each.college());
            Site home = sites.get(each.home());
            Instructor instructor = new Instructor(each, college, home, told.days(), weeks);
            instructors.put(each.id(), instructor);
            duties.put(instructor, each.busy());
        }
    }

    private void readCohorts() {
        Map<String, Site> enterprises = new HashMap<>();
        told.enterprises().forEach(each -> enterprises.put(each.id(), sites.get(each.site())));
        Map<String, int[]> released = new HashMap<>();
        told.crews().forEach(crew -> released.put(crew.id(), released(crew)));
        int lateness = told.weights().lateness();
        for (Instance.Cohort each : told.cohorts()) {
            Site site = enterprises.get(each.enterprise());
            cohorts.put(each.id(), new Cohort(each, site, lateness, released.get(each.crew())));
        }
    }

    /** For every slot, the minutes of work that it takes from a crew. */
    private int[] released(Instance.Crew crew) {
        int[] released = new int[slots.size()];
        for (int[] work : crew.work()) {
            for (Slot slot : slotsOfDays(work[0], work[1])) {
                released[slot.index] += slot.minutesInside(work[0], work[1]);
            }
        }
        for (int[] rest : crew.rest()) {
            for (Slot slot : slotsOfDays(rest[0], rest[1])) {
                if (slot.minutesInside(rest[0], rest[1]) > 0) {
                    released[slot.index] = Cohort.AT_REST;
                }
            }
        }
        return released;
    }

    /** All slots of the days that an interval touches. */
    private List<Slot> slotsOfDays(int from, int until) {
        int first = Math.max(0, Math.floorDiv(from, Slot.DAY));
        int last = Math.min(told.days() - 1, Math.floorDiv(until - 1, Slot.DAY));
        return first > last ? List.of() : slots.subList(first * bands.size(), (last + 1) * bands.size());
    }

    private List<Session> sessions() {
        Map<String, Instance.Planned> planned = new HashMap<>();
        told.plan().forEach(each -> planned.put(each.session(), each));
        Set<List<String>> declined = new HashSet<>(told.forbidden());
        Map<String, Integer> lastOfCohort = new HashMap<>();
        told.sessions().forEach(each -> lastOfCohort.merge(each.cohort(), each.seq(), Math::max));
        List<Session> sessions = new ArrayList<>();
        for (Instance.Session each : told.sessions()) {
            int followers = lastOfCohort.get(each.cohort()) - each.seq();
            Instance.Planned inForce = planned.get(each.id());
            sessions.add(new Session(teaching(sessions.size(), each, followers, inForce, declined)));
        }
        return sessions;
    }

    private Teaching teaching(
            int number, Instance.Session each, int followers, Instance.Planned planned, Set<List<String>> declined) {
        Cohort cohort = cohorts.get(each.cohort());
        Site site = each.isOnline() ? null : cohort.site;
        List<Instructor> qualified = instructors.values().stream()
                .filter(instructor -> instructor.isQualified(each.qualification(), each.minLevel()))
                .filter(instructor -> !declined.contains(List.of(each.id(), instructor.id)))
                .toList();
        List<Place> possible = slots.stream()
                .filter(slot -> each.bands().contains(slot.band) && !told.closedDays().contains(slot.day))
                .filter(cohort::mayBeCalled)
                .flatMap(slot -> qualified.stream()
                        .filter(instructor -> free(instructor, site).get(slot.index))
                        .map(instructor -> place(slot, instructor)))
                .toList();
        Place inForce = planned == null
                ? null
                : place(slot(planned.day(), planned.band()), instructors.get(planned.instructor()));
        return new Teaching(
                number, each.id(), cohort, each.seq(), followers, unit(each), site, possible,
                inForce, planned != null && planned.pinned());
    }

    private int unit(Instance.Session each) {
        units.putIfAbsent(each.unit(), units.size());
        return units.get(each.unit());
    }

    private Place place(Slot slot, Instructor instructor) {
        Place[] ofInstructor = places.computeIfAbsent(instructor, any -> new Place[slots.size()]);
        if (ofInstructor[slot.index] == null) {
            ofInstructor[slot.index] = new Place(slot, instructor);
        }
        return ofInstructor[slot.index];
    }

    /** The slots, by their index, in which an instructor can hold a session there, whatever else is planned. */
    private BitSet free(Instructor instructor, Site site) {
        return times.computeIfAbsent(instructor, any -> new HashMap<>())
                .computeIfAbsent(site, any -> besidesDuties(instructor, site));
    }

    private BitSet besidesDuties(Instructor instructor, Site site) {
        BitSet free = new BitSet(slots.size());
        slots.stream().filter(slot -> isHomeInTime(instructor, site, slot)).forEach(slot -> free.set(slot.index));
        for (Integer[] busy : duties.get(instructor)) {
            int gap = Site.gap(site, busy[2] == null ? null : sites.get(busy[2]));
            for (Slot slot : slotsOfDays(busy[0] - gap, busy[1] + gap)) {
                if (slot.isTooNear(busy[0], busy[1], gap)) {
                    free.clear(slot.index);
                }
            }
        }
        return free;
    }

    private boolean isHomeInTime(Instructor instructor, Site site, Slot slot) {
        int drive = site == null ? 0 : instructor.home.minutesTo(site);
        int midnight = slot.day * Slot.DAY;
        return site == null
                || slot.start - drive >= midnight + told.dayOpen() && slot.end + drive <= midnight + told.dayClose();
    }
}
