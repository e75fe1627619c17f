package org.songjiao.bench;

/** A slot of an instructor; one object each, whichever sessions could take it. */
public final class Place {
    final Slot slot;
    final Instructor instructor;

    Place(Slot slot, Instructor instructor) {
        this.slot = slot;
        this.instructor = instructor;
    }
}
