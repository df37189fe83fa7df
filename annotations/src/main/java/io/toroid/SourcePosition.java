package io.toroid;

import java.util.List;
import java.util.Set;

/**
 * The line of a model's Java source that made a tensor: the innermost stack frame outside Toroid's own packages and
 * the JDK.
 *
 * @param className binary name of the class that holds the line
 * @param methodName the method that holds it
 * @param fileName simple name of the source file, or the empty string if the class was compiled without it
 * @param line line number from 1, or 0 if unknown
 */
public record SourcePosition(String className, String methodName, String fileName, int line) {

    /** A node that no source line made. */
    public static final SourcePosition UNKNOWN = new SourcePosition("", "", "", 0);

    private static final Set<String> OWN_PACKAGES =
            Set.of("io.toroid", "io.toroid.op", "io.toroid.nn", "io.toroid.shape", "io.toroid.runtime.eager");

    private static final List<String> JDK_PREFIXES = List.of("java.", "javax.", "jdk.", "sun.");

    private static final StackWalker WALKER = StackWalker.getInstance();

    /** The caller's line. */
    public static SourcePosition current() {
        return WALKER.walk(frames -> frames
                .filter(frame -> isUsers(frame.getClassName()))
                .findFirst()
                .map(frame -> new SourcePosition(
                        frame.getClassName(),
                        frame.getMethodName(),
                        frame.getFileName() == null ? "" : frame.getFileName(),
                        Math.max(0, frame.getLineNumber())))
                .orElse(UNKNOWN));
    }

    public boolean isKnown() {
        return line > 0;
    }

    /** Neither Toroid's nor the JDK's, whose streams and optionals may call back in between. */
    private static boolean isUsers(String className) {
        return !OWN_PACKAGES.contains(packageOf(className))
                && JDK_PREFIXES.stream().noneMatch(className::startsWith);
    }

    private static String packageOf(String className) {
        int dot = className.lastIndexOf('.');
        return dot < 0 ? "" : className.substring(0, dot);
    }

    /** As in a stack trace: {@code DigitsMlp.java:17}. */
    @Override
    public String toString() {
        return isKnown() ? fileName + ":" + line : "unknown line";
    }
}
