package io.toroid.op;

import io.toroid.TensorException;
import io.toroid.TensorException.Kind;
import java.util.List;
import java.util.Optional;

/**
 * An operator that PyTorch computes: any of ATen that Toroid has no kernel for, or one that is registered there under another namespace.
 * The schema is the one that it is registered with; {@link #infer} is the author's, and what PyTorch gives is checked against it. The
 * library must be built with {@code -Atoroid.linkage=libtorch}.
 *
 * <pre>{@code
 * public final class Inverse extends TorchOperator {
 *     public Inverse() {
 *         super("aten::linalg_inv(Tensor A) -> Tensor");
 *     }
 *     protected List<TensorType> infer(Arguments arguments) {
 *         return List.of(arguments.tensor("A").type());
 *     }
 * }
 * }</pre>
 *
 * <p>Parameters are of the types of a {@link CustomOperator} but for {@code Scalar}, which PyTorch's dispatcher does not take from C.
 * Trailing parameters with defaults that no call gives may be left out of the schema only if PyTorch's has none of them: its dispatcher
 * counts arguments.
 */
public abstract class TorchOperator extends CustomOperator {

    /**
     * Reads the schema.
     *
     * @throws IllegalArgumentException if it is malformed or has types that are not offered
     */
    protected TorchOperator(String schema) {
        super(Schema.parse(schema), schema, /* isTorch= */ true);
        for (Schema.Parameter parameter : operator().schema().parameters()) {
            if (plain(parameter.type()).equals("Scalar")) {
                throw new IllegalArgumentException("the parameter %s of %s is a Scalar, which PyTorch's dispatcher does not take from C; choose an overload with a Tensor"
                        .formatted(parameter.name(), title()));
            }
        }
    }

    /** In eager mode there is no PyTorch; override it to run there too. */
    @Override
    protected List<TensorData> compute(Arguments arguments) {
        throw new TensorException(Kind.ARGUMENT, "%s runs in PyTorch alone: override compute to run it in Java".formatted(title()));
    }

    /** None: PyTorch has it. */
    @Override
    public final Optional<CppSource> cpp() {
        return Optional.empty();
    }

    @Override
    public final Host host() {
        return Host.PYTORCH;
    }
}
