package errors;

import io.toroid.*;
import io.toroid.op.*;
import java.util.List;

@Model
public class OwnOperators {

    /** Gives one type of two. */
    public static class Short extends CustomOperator {
        public Short() {
            super("errors::short(Tensor x) -> (Tensor, Tensor)");
        }

        @Override
        protected List<TensorType> infer(Arguments arguments) {
            return List.of(arguments.tensor("x").type());
        }

        @Override
        protected List<TensorData> compute(Arguments arguments) {
            return List.of();
        }
    }

    /** Wants vectors. */
    public static class Vectors extends CustomOperator {
        public Vectors() {
            super("errors::vectors(Tensor x) -> Tensor");
        }

        @Override
        protected List<TensorType> infer(Arguments arguments) {
            if (arguments.tensor("x").dim() != 1) {
                throw new TensorException(TensorException.Kind.SHAPE, "errors::vectors: x must be a vector, not " + arguments.tensor("x").type());
            }
            return List.of(arguments.tensor("x").type());
        }

        @Override
        protected List<TensorData> compute(Arguments arguments) {
            return List.of();
        }
    }

    /** Where it is wanted. */
    public static class Placed extends CustomOperator {
        public Placed() {
            super("errors::placed(Tensor?[] x, Device? where=None) -> Tensor");
        }

        @Override
        protected List<TensorType> infer(Arguments arguments) {
            return List.of(arguments.optionalTensors("x").getFirst().orElseThrow().type());
        }

        @Override
        protected List<TensorData> compute(Arguments arguments) {
            return List.of();
        }
    }

    private final Placed placed = new Placed();
    private final Short shortOne = new Short();
    private final Vectors vectors = new Vectors();

    @Entry
    public Tensor count(@Spec("f32[3]") Tensor x) {
        return shortOne.callAll(x).get(0); // error: [TOROID-303] errors::short: infer gives 1 types, and the schema has 2 results
    }

    @Entry
    public Tensor shape(@Spec("f32[3, 3]") Tensor x) {
        return vectors.call(x); // error: [TOROID-301] errors::vectors: x must be a vector, not f32[3, 3]
    }

    @Entry
    public Tensor device(@Spec("f32[3]") Tensor x) {
        return placed.call(List.of(x), "cuda"); // error: [TOROID-303] errors::placed: where is the device "cuda", and Toroid computes on the CPU only: give "cpu" or null
    }
}
