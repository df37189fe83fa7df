package scenarios;

import io.toroid.Entry;
import io.toroid.Model;
import io.toroid.Spec;
import io.toroid.Tensor;
import io.toroid.op.Arguments;
import io.toroid.op.CustomOperator;
import io.toroid.op.TensorData;
import io.toroid.op.TensorType;
import java.util.List;

/** An operator that uses models while one runs it. */
@Model
public class Selfish {

    public static final class Does extends CustomOperator {

        static volatile Runnable action = () -> { };

        public Does() {
            super("examples::does(Tensor x) -> Tensor");
        }

        @Override
        protected List<TensorType> infer(Arguments arguments) {
            return List.of(arguments.tensor("x").type());
        }

        @Override
        protected List<TensorData> compute(Arguments arguments) {
            action.run();
            return List.of(arguments.tensor("x").data());
        }
    }

    private final Does does = new Does();

    @Entry
    public Tensor run(@Spec("f32[2]") Tensor x) {
        return does.call(x.add(1));
    }
}
