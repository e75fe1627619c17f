package org.songjiao.bench;

import ai.timefold.solver.core.api.domain.entity.PlanningEntity;
import ai.timefold.solver.core.api.domain.entity.PlanningPin;
import ai.timefold.solver.core.api.domain.valuerange.ValueRangeProvider;
import ai.timefold.solver.core.api.domain.variable.PlanningVariable;
import java.util.Comparator;
import java.util.List;

/**
 * What is planned: when a session is held and by whom. The two are chosen as one, since a time without an instructor
 * is worth nothing, and most pairs are known beforehand to be impossible.
 */
@PlanningEntity(comparatorClass = Session.ByDifficulty.class)
public class Session {
    /** A session that many others have to follow is placed before them. */
    public static final class ByDifficulty implements Comparator<Session> {
        @Override
        public int compare(Session one, Session other) {
            return Integer.compare(one.teaching.followers(), other.teaching.followers());
        }
    }

    private static final int MOVED = 2;
    private static final int OTHER_INSTRUCTOR = 1;

    private Teaching teaching;
    private Place place;

    /** For the solver, which copies sessions. */
    Session() {}

    Session(Teaching teaching) {
        this.teaching = teaching;
        this.place = teaching.opening();
    }

    @PlanningPin
    public boolean isPinned() {
        return teaching.isPinned();
    }

    @ValueRangeProvider
    public List<Place> getPlaces() {
        return teaching.places();
    }

    /** Null when it is unstaffed. */
    @PlanningVariable(allowsUnassigned = true)
    public Place getPlace() {
        return place;
    }

    public void setPlace(Place place) {
        this.place = place;
    }

    boolean isPlaced() {
        return place != null;
    }

    Teaching teaching() {
        return teaching;
    }

    Cohort cohort() {
        return teaching.cohort();
    }

    Site site() {
        return teaching.site();
    }

    boolean isOnsite() {
        return site() != null;
    }

    Slot slot() {
        return place.slot;
    }

    Instructor instructor() {
        return place.instructor;
    }

    Instructor.Day instructorsDay() {
        return instructor().on(slot());
    }

    Instructor.Week instructorsWeek() {
        return instructor().in(slot());
    }

    College college() {
        return instructor().college;
    }

    College.Week collegesWeek() {
        return college().in(slot());
    }

    Site.Day sitesDay() {
        return site().on(slot());
    }

    /** Whether an instructor of both cannot come from one to the other in time. */
    boolean clashesWith(Session other) {
        Slot others = other.slot();
        return slot().isTooNear(others.start, others.end, Site.gap(site(), other.site()));
    }

    /** Bands that the cohort or the instructor would rather not have: 0 to 2. */
    int dislikes() {
        return (cohort().prefers(slot()) ? 0 : 1) + (instructor().avoids(slot()) ? 1 : 0);
    }

    /** How far it is from the plan in force: 0 to 3. */
    int changes() {
        Place planned = teaching.planned();
        if (planned == null) {
            return 0;
        }
        if (!isPlaced()) {
            return MOVED + OTHER_INSTRUCTOR;
        }
        return (slot() == planned.slot ? 0 : MOVED) + (instructor() == planned.instructor ? 0 : OTHER_INSTRUCTOR);
    }
}
