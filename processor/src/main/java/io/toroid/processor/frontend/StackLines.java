package io.toroid.processor.frontend;

import io.toroid.SourcePosition;
import io.toroid.processor.diagnostic.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Turns the stack trace of a failure into the lines of the model's author that led to it. */
final class StackLines {

    private static final Set<String> OWN_PACKAGES = Set.of("io.toroid", "io.toroid.op", "io.toroid.nn", "io.toroid.shape");
    private static final Set<String> OWN_PREFIXES = Set.of("io.toroid.runtime.", "io.toroid.processor.");

    private StackLines() {
    }

    /**
     * The lines between the failure and the tracer, without those of Toroid and of the JDK.
     *
     * @param boundary the class that called into the model
     */
    static Place place(Throwable failure, Class<?> boundary, Place otherwise) {
        List<SourcePosition> positions = new ArrayList<>();
        String method = "";
        String called = "";
        for (StackTraceElement frame : failure.getStackTrace()) {
            if (frame.getClassName().equals(boundary.getName())) {
                break;
            }
            if (isUsers(frame)) {
                if (positions.isEmpty()) {
                    method = called;
                }
                positions.add(position(frame));
            }
            called = frame.getMethodName();
        }
        return positions.isEmpty() ? otherwise : new Place.Line(positions, method, otherwise);
    }

    private static SourcePosition position(StackTraceElement frame) {
        String file = frame.getFileName() == null ? "" : frame.getFileName();
        return new SourcePosition(frame.getClassName(), frame.getMethodName(), file, Math.max(0, frame.getLineNumber()));
    }

    private static boolean isUsers(StackTraceElement frame) {
        String name = frame.getClassName();
        int dot = name.lastIndexOf('.');
        boolean own = OWN_PACKAGES.contains(dot < 0 ? "" : name.substring(0, dot))
                || OWN_PREFIXES.stream().anyMatch(name::startsWith);
        boolean platform = frame.getModuleName() != null
                && (frame.getModuleName().startsWith("java.") || frame.getModuleName().startsWith("jdk."));
        return !own && !platform;
    }
}
