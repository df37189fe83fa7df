package errors;

import io.toroid.*;
import io.toroid.nn.*;

public class ConstructorFails {

    @Model
    public static class Throws {
        public Throws() {
            throw new UnsupportedOperationException("not on this machine"); // error: [TOROID-306] the constructor of Throws failed with java.lang.UnsupportedOperationException: not on this machine; the compiler constructs the model to trace it, so this must succeed at compile time
        }

        @Entry
        public Tensor id(@Spec("f32[3]") Tensor a) {
            return a;
        }
    }

    @Model
    public static class BadLayer {
        private final Linear layer = new Linear(0, 3); // error: [TOROID-303] Linear: inputs must be at least 1, not 0

        @Entry
        public Tensor id(@Spec("f32[3]") Tensor a) {
            return layer.apply(a);
        }
    }

    @Model
    public static class StaticInitializer {
        private static final int SIZE = Integer.parseInt("three"); // error: [TOROID-306] the constructor of StaticInitializer failed with java.lang.NumberFormatException: For input string: "three"; the compiler constructs the model to trace it, so this must succeed at compile time

        @Entry
        public Tensor id(@Spec("f32[3]") Tensor a) {
            return a.mul(SIZE);
        }
    }
}
