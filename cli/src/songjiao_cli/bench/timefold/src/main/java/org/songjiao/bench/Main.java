package org.songjiao.bench;

import ai.timefold.solver.core.api.solver.Solver;
import ai.timefold.solver.core.api.solver.SolverFactory;
import ai.timefold.solver.core.config.solver.SolverConfig;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.File;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Plans an instance for so many seconds, tells every new best score on the way, and writes the plan. */
public final class Main {
    private static final double MILLIS_OF_A_SECOND = 1000.0;

    private Main() {}

    /** A line of a solution file. */
    private record Assignment(String session, int day, String band, String instructor) {}

    public static void main(String[] words) throws IOException {
        if (words.length != 3) {
            System.err.println("usage: Main INSTANCE.json SECONDS OUT.json");
            System.exit(2);
        }
        Plan opening = Opening.of(Instance.read(new File(words[0])));
        Plan best = plan(opening, Duration.ofMillis(Math.round(Double.parseDouble(words[1]) * MILLIS_OF_A_SECOND)));
        if (!best.keepsTheRules()) {
            System.err.println("no plan that keeps the rules was found in the time: " + best.getScore());
            System.exit(1);
        }
        write(best, new File(words[2]));
    }

    /** No phase, no move and no thread is configured: what is measured is the solver as it comes. */
    private static Plan plan(Plan opening, Duration length) {
        SolverConfig config = new SolverConfig()
                .withSolutionClass(Plan.class)
                .withEntityClasses(Session.class)
                .withConstraintProviderClass(Rules.class)
                .withTerminationSpentLimit(length);
        Solver<Plan> solver = SolverFactory.<Plan>create(config).buildSolver();
        solver.addEventListener(event -> tell(event.getTimeMillisSpent(), event.getNewBestSolution()));
        long began = System.nanoTime();
        Plan best = solver.solve(opening);
        // A construction that the end of the time cuts short has told nothing yet.
        tell(Duration.ofNanos(System.nanoTime() - began).toMillis(), best);
        return best;
    }

    private static void tell(long millis, Plan plan) {
        if (plan.keepsTheRules()) {
            System.out.printf(Locale.ROOT, "%.3f %d%n", millis / MILLIS_OF_A_SECOND, plan.scoreForCharts());
        }
    }

    private static void write(Plan plan, File file) throws IOException {
        List<Assignment> assignments = plan.getSessions().stream()
                .filter(Session::isPlaced)
                .map(Main::assignment)
                .toList();
        new ObjectMapper()
                .writeValue(
                        file,
                        Map.of(
                                "format", "training-plan-solution/1",
                                "instance", plan.getInstance(),
                                "assignments", assignments));
    }

    private static Assignment assignment(Session session) {
        Slot slot = session.slot();
        return new Assignment(session.teaching().id(), slot.day, slot.band, session.instructor().id);
    }
}
