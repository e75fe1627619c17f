package org.songjiao.bench;

import static ai.timefold.solver.core.api.score.stream.ConstraintCollectors.count;
import static ai.timefold.solver.core.api.score.stream.ConstraintCollectors.toList;

import ai.timefold.solver.core.api.score.stream.Constraint;
import ai.timefold.solver.core.api.score.stream.ConstraintFactory;
import ai.timefold.solver.core.api.score.stream.ConstraintProvider;
import ai.timefold.solver.core.api.score.stream.bi.BiConstraintStream;
import ai.timefold.solver.core.api.score.stream.uni.UniConstraintStream;
import java.util.List;

/**
 * The hard rules and the objectives of the benchmark. H0, H1, H4, H5, H10, H11 and the crew's rest of H2
 * need no constraint: the places that a session may take keep them.
 */
public class Rules implements ConstraintProvider {
    @Override
    public Constraint[] defineConstraints(ConstraintFactory factory) {
        // A stream that several constraints go on from is grouped once for all of them.
        UniConstraintStream<Session> all = factory.forEachIncludingUnassigned(Session.class);
        UniConstraintStream<Session> placed = factory.forEach(Session.class); // without the unstaffed
        BiConstraintStream<Cohort, List<Session>> courses = placed.groupBy(Session::cohort, toList());
        BiConstraintStream<Instructor.Day, List<Session>> days = placed.groupBy(Session::instructorsDay, toList());
        BiConstraintStream<College, Integer> shares =
                placed.groupBy(Session::college, count()).complement(College.class, college -> 0);
        return new Constraint[] {
            released(courses), order(courses), paceOfCohort(courses),
            drives(days), loadOfDay(days), loadOfWeek(placed),
            agreedTotal(shares), agreedWeek(placed), rooms(placed),
            unstaffed(all), changes(all), bands(placed), teachersOfUnit(courses),
            travel(days), fairShare(shares), fairLoad(placed), lateness(courses),
        };
    }

    private Constraint released(BiConstraintStream<Cohort, List<Session>> courses) {
        return courses
                .filter((cohort, sessions) -> Counts.released(sessions) > cohort.mostReleased)
                .penalize(Plan.hard())
                .asConstraint("H2 released minutes");
    }

    private Constraint order(BiConstraintStream<Cohort, List<Session>> courses) {
        return courses
                .filter((cohort, sessions) -> Counts.outOfOrder(sessions) > 0)
                .penalize(Plan.hard(), (cohort, sessions) -> Counts.outOfOrder(sessions))
                .asConstraint("H3 order");
    }

    private Constraint paceOfCohort(BiConstraintStream<Cohort, List<Session>> courses) {
        return courses
                .filter((cohort, sessions) -> Counts.overWeeklyMost(sessions, cohort.mostOfWeek) > 0)
                .penalize(Plan.hard(), (cohort, sessions) -> Counts.overWeeklyMost(sessions, cohort.mostOfWeek))
                .asConstraint("H3 pace");
    }

    private Constraint drives(BiConstraintStream<Instructor.Day, List<Session>> days) {
        return days
                .filter((day, sessions) -> sessions.size() > 1)
                .penalize(Plan.hard(), (day, sessions) -> Counts.clashes(sessions))
                .asConstraint("H6 drives");
    }

    private Constraint loadOfDay(BiConstraintStream<Instructor.Day, List<Session>> days) {
        return days
                .filter((day, sessions) -> sessions.size() > day.instructor.mostOfDay)
                .penalize(Plan.hard(), (day, sessions) -> sessions.size() - day.instructor.mostOfDay)
                .asConstraint("H7 load of a day");
    }

    private Constraint loadOfWeek(UniConstraintStream<Session> placed) {
        return placed
                .groupBy(Session::instructorsWeek, count())
                .filter((week, sessions) -> sessions > week.instructor.mostOfWeek)
                .penalize(Plan.hard(), (week, sessions) -> sessions - week.instructor.mostOfWeek)
                .asConstraint("H7 load of a week");
    }

    private Constraint agreedTotal(BiConstraintStream<College, Integer> shares) {
        return shares
                .filter((college, sessions) -> sessions > college.mostSessions)
                .penalize(Plan.hard(), (college, sessions) -> sessions - college.mostSessions)
                .asConstraint("H8 agreement");
    }

    private Constraint agreedWeek(UniConstraintStream<Session> placed) {
        return placed
                .groupBy(Session::collegesWeek, count())
                .filter((week, sessions) -> sessions > week.college.mostOfWeek)
                .penalize(Plan.hard(), (week, sessions) -> sessions - week.college.mostOfWeek)
                .asConstraint("H8 agreement for a week");
    }

    private Constraint rooms(UniConstraintStream<Session> placed) {
        return placed
                .filter(Session::isOnsite)
                .groupBy(Session::sitesDay, toList())
                .filter((day, sessions) -> sessions.size() > day.site.rooms)
                .penalize(Plan.hard(), (day, sessions) -> Counts.withoutRoom(sessions, day.site.rooms))
                .asConstraint("H9 rooms");
    }

    private Constraint unstaffed(UniConstraintStream<Session> all) {
        return all.filter(session -> !session.isPlaced())
                .penalize(Plan.soft(Plan.UNSTAFFED))
                .asConstraint("unstaffed");
    }

    private Constraint changes(UniConstraintStream<Session> all) {
        return all.filter(session -> session.changes() > 0)
                .penalize(Plan.soft(Plan.CHANGES), Session::changes)
                .asConstraint("changes");
    }

    private Constraint bands(UniConstraintStream<Session> placed) {
        return placed
                .filter(session -> session.dislikes() > 0)
                .penalize(Plan.soft(Plan.PREFERENCES), Session::dislikes)
                .asConstraint("bands");
    }

    private Constraint teachersOfUnit(BiConstraintStream<Cohort, List<Session>> courses) {
        return courses
                .filter((cohort, sessions) -> Counts.extraTeachers(sessions) > 0)
                .penalize(Plan.soft(Plan.PREFERENCES), (cohort, sessions) -> Counts.extraTeachers(sessions))
                .asConstraint("instructors of a unit");
    }

    private Constraint travel(BiConstraintStream<Instructor.Day, List<Session>> days) {
        return days
                .penalize(Plan.soft(Plan.COST), (day, sessions) -> Counts.travel(day.instructor.home, sessions))
                .asConstraint("travel");
    }

    private Constraint fairShare(BiConstraintStream<College, Integer> shares) {
        return shares
                .penalize(
                        Plan.soft(Plan.COST),
                        (college, sessions) -> college.unfairness * Math.abs(sessions - college.target))
                .asConstraint("fair share of a college");
    }

    private Constraint fairLoad(UniConstraintStream<Session> placed) {
        return placed
                .groupBy(Session::instructor, count())
                .filter((instructor, sessions) -> sessions > instructor.fairLoad)
                .penalize(
                        Plan.soft(Plan.COST),
                        (instructor, sessions) ->
                                instructor.college.unfairness * (sessions - instructor.fairLoad))
                .asConstraint("fair load of an instructor");
    }

    private Constraint lateness(BiConstraintStream<Cohort, List<Session>> courses) {
        return courses
                .filter((cohort, sessions) -> Counts.daysAfter(sessions, cohort.dueDay) > 0)
                .penalize(
                        Plan.soft(Plan.COST),
                        (cohort, sessions) -> cohort.lateness * Counts.daysAfter(sessions, cohort.dueDay))
                .asConstraint("lateness");
    }
}
