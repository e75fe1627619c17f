package org.songjiao.bench;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.File;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** The file of an instance, field by field as the benchmark's README has it. */
record Instance(
        String format,
        String name,
        int days,
        List<Integer> closedDays,
        Map<String, Band> bands,
        int buffer,
        int dayOpen,
        int dayClose,
        Weights weights,
        int[][] travel,
        List<College> colleges,
        List<Instructor> instructors,
        List<Enterprise> enterprises,
        List<Crew> crews,
        List<Cohort> cohorts,
        List<Session> sessions,
        List<Planned> plan,
        List<List<String>> forbidden) {

    static final String FORMAT = "training-plan-instance/1";
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    record Band(int start, int end) {}

    record Weights(int unfairness, int lateness) {}

    record College(String id, int capTotal, int capWeek, int target) {}

    /** {@code busy}: start, end, site or null. */
    record Instructor(
            String id,
            String college,
            int home,
            Map<String, Integer> skills,
            List<Integer[]> busy,
            int maxDaySessions,
            int maxWeekSessions,
            List<String> avoidBands,
            int fairLoad) {}

    record Enterprise(String id, int site, int rooms) {}

    /** {@code work} and {@code rest}: start, end. */
    record Crew(String id, List<int[]> work, List<int[]> rest) {}

    record Cohort(
            String id,
            String enterprise,
            String crew,
            int earliestDay,
            int dueDay,
            int releaseCap,
            int maxWeekSessions,
            List<String> preferredBands) {}

    record Session(
            String id,
            String cohort,
            int seq,
            String unit,
            String mode,
            String qualification,
            int minLevel,
            List<String> bands) {

        boolean isOnline() {
            return mode.equals("online");
        }
    }

    record Planned(String session, int day, String band, String instructor, boolean pinned) {}

    static Instance read(File file) throws IOException {
        Instance instance = JSON.readValue(file, Instance.class);
        if (!FORMAT.equals(instance.format)) {
            throw new IOException("%s is not of the format %s".formatted(file, FORMAT));
        }
        return instance;
    }
}
