package org.songjiao.bench;

import java.util.List;

/**
 * What is known of a session before it is placed.
 *
 * @param number its place in the instance
 * @param seq its place in the teaching order of its cohort
 * @param followers how many of its cohort come after it in teaching order
 * @param unit a number for the unit's name
 * @param site null when it is online
 * @param places every slot with every instructor that the rules allow as far as this session alone is concerned
 * @param planned where the plan in force has it; null when it is not in it
 * @param isPinned whether it has to stay there
 */
record Teaching(
        int number,
        String id,
        Cohort cohort,
        int seq,
        int followers,
        int unit,
        Site site,
        List<Place> places,
        Place planned,
        boolean isPinned) {

    /** Where it is before anything is changed: null when it is not planned, or cannot stay where it was. */
    Place opening() {
        return planned != null && (isPinned || places.contains(planned)) ? planned : null;
    }
}
