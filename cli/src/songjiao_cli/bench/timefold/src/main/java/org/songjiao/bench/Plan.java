package org.songjiao.bench;

import ai.timefold.solver.core.api.domain.solution.PlanningEntityCollectionProperty;
import ai.timefold.solver.core.api.domain.solution.PlanningScore;
import ai.timefold.solver.core.api.domain.solution.PlanningSolution;
import ai.timefold.solver.core.api.domain.solution.ProblemFactCollectionProperty;
import ai.timefold.solver.core.api.score.buildin.bendable.BendableScore;
import java.util.List;

/** All sessions, placed or not, and what the plan is worth. */
@PlanningSolution
public class Plan {
    static final int HARD_LEVELS = 1;
    static final int SOFT_LEVELS = 4;
    /** The soft levels, the first being the most important. */
    static final int UNSTAFFED = 0;
    static final int CHANGES = 1;
    static final int PREFERENCES = 2;
    static final int COST = 3;
    /** What one of each level weighs in the one number for charts. */
    private static final long[] WEIGHTS = {100_000, 10_000, 2_000, 1};

    private String instance;
    private List<College> colleges;
    private List<Session> sessions;
    private BendableScore score;

    /** For the solver, which copies plans. */
    Plan() {}

    Plan(String instance, List<College> colleges, List<Session> sessions) {
        this.instance = instance;
        this.colleges = colleges;
        this.sessions = sessions;
    }

    public String getInstance() {
        return instance;
    }

    @ProblemFactCollectionProperty
    public List<College> getColleges() {
        return colleges;
    }

    @PlanningEntityCollectionProperty
    public List<Session> getSessions() {
        return sessions;
    }

    @PlanningScore(bendableHardLevelsSize = HARD_LEVELS, bendableSoftLevelsSize = SOFT_LEVELS)
    public BendableScore getScore() {
        return score;
    }

    public void setScore(BendableScore score) {
        this.score = score;
    }

    static BendableScore hard() {
        return BendableScore.ofHard(HARD_LEVELS, SOFT_LEVELS, 0, 1);
    }

    static BendableScore soft(int level) {
        return BendableScore.ofSoft(HARD_LEVELS, SOFT_LEVELS, level, 1);
    }

    boolean keepsTheRules() {
        return score.isFeasible();
    }

    /** The one number for charts; smaller is better. */
    long scoreForCharts() {
        long sum = 0;
        for (int level = 0; level < SOFT_LEVELS; level++) {
            sum -= WEIGHTS[level] * score.softScore(level);
        }
        return sum;
    }
}
