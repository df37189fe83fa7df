package io.toroid.processor.codegen.wrapper;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a wrapper does besides running kernels, for whoever looks for a mistake or for where time goes. Without any of it, generated
 * code has no trace of this.
 *
 * @param chosen what it does
 * @param kernels part of the names of the kernels that are printed, saved and asserted; a profile is of all
 */
public record Instruments(Set<Instrument> chosen, Pattern kernels) {

    /** Nothing. */
    public static final Instruments NONE = new Instruments(Set.of(), Pattern.compile(""));

    /** Something that a wrapper may do. */
    public enum Instrument {
        /** Records when each kernel ran, to be read as a profile. */
        PROFILE,
        /** Prints the name of each kernel before it runs. */
        NAMES,
        /** Prints what each kernel reads, before it runs, and what it has written. */
        PRINT,
        /** Saves the same. */
        SAVE,
        /** Ends the call when an input, or what a kernel has written, is not a number. */
        NAN,
        /** Ends the call when an input, or what a kernel has written, is infinite. */
        INF;

        /** As the option's value: {@code profile}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The one with this text. */
        public static Optional<Instrument> ofText(String text) {
            return Arrays.stream(values()).filter(instrument -> instrument.text().equals(text)).findFirst();
        }
    }

    public Instruments {
        chosen = chosen.isEmpty() ? Set.of() : Set.copyOf(EnumSet.copyOf(chosen));
    }

    boolean has(Instrument instrument) {
        return chosen.contains(instrument);
    }

    boolean isProfile() {
        return has(Instrument.PROFILE);
    }

    List<String> exports() {
        return isProfile() ? List.of("toroid_profile_kernels", "toroid_profile_read") : List.of();
    }

    /** Whether values are looked at, or names printed. */
    boolean looksAtKernels() {
        return chosen.stream().anyMatch(instrument -> instrument != Instrument.PROFILE);
    }

    /** What an element is not to be, as names of {@code kernel_values.h}. */
    List<String> refused() {
        return List.of(Instrument.NAN, Instrument.INF).stream().filter(this::has)
                .map(instrument -> instrument == Instrument.NAN ? "kNan" : "kInfinity").toList();
    }

    boolean concern(String kernel) {
        return kernels.matcher(kernel).find();
    }

    /** Patterns have no equality of their own. */
    @Override
    public boolean equals(Object other) {
        return other instanceof Instruments(Set<Instrument> others, Pattern pattern)
                && chosen.equals(others) && kernels.pattern().equals(pattern.pattern());
    }

    @Override
    public int hashCode() {
        return 31 * chosen.hashCode() + kernels.pattern().hashCode();
    }
}
