package io.toroid.processor.loop;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Names of buffers, which become variables of the generated C++: unique, valid identifiers, and none that generated
 * code uses for something else.
 */
public final class BufferNames {

    private final Set<String> used = new HashSet<>();

    /** None of these names will be given. */
    public BufferNames(Collection<String> taken) {
        used.addAll(taken);
    }

    /** A name like the wanted one. */
    public String unique(String wanted) {
        String clean = wanted.replaceAll("[^A-Za-z0-9_]", "_").replaceAll("__+", "_").replaceFirst("^_(?=[A-Za-z])", "");
        if (clean.isEmpty() || !Character.isLetter(clean.charAt(0))) {
            clean = "x" + (clean.startsWith("_") ? "" : "_") + clean;
        }
        String name = Identifiers.isTaken(clean) ? clean + "_" : clean;
        for (int number = 1; !used.add(name); number++) {
            name = clean + "_" + number;
        }
        return name;
    }
}
