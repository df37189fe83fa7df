package io.toroid.processor.conformance;

/** What became of a recorded call in one of the ways. */
public sealed interface Outcome {

    /** The results are PyTorch's. */
    record Passed() implements Outcome {
    }

    /** They are not, or there are none. */
    record Failed(String why) implements Outcome {

        /** With the words of what was thrown; its class where the words alone may say little. */
        public static Failed of(Throwable problem) {
            boolean isMistake = problem instanceof io.toroid.TensorException || problem instanceof io.toroid.runtime.ToroidException;
            return new Failed(isMistake ? problem.getMessage() : problem.toString());
        }
    }

    /** There is no such operator. */
    record Unsupported() implements Outcome {
    }
}
