package io.toroid.runtime;

import java.util.ArrayList;
import java.util.List;

/** Closes what was added, last first, unless it is kept. */
final class Undo implements AutoCloseable {
    private final List<AutoCloseable> steps = new ArrayList<>();

    <T extends AutoCloseable> T add(T step) {
        steps.add(step);
        return step;
    }

    void keep() {
        steps.clear();
    }

    @Override
    public void close() {
        for (AutoCloseable step : steps.reversed()) {
            try {
                step.close();
            } catch (Exception e) {
                throw new IllegalStateException("giving back a part of a model failed", e);
            }
        }
    }
}
