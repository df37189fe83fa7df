package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.loop.Loop;
import io.toroid.processor.loop.Scalar;
import io.toroid.shape.Size;
import io.toroid.shape.Symbol;
import java.util.List;

/**
 * Whether a kernel may write a buffer into the memory of another one that it reads. Statements of a nest run one after the other for
 * each element, and threads divide the outer variables. So it is safe if the old value of an element is only read for the same
 * element, not after its statement; and in phases before that, only of elements with the same values of the outer variables.
 */
final class Overwriting {

    private final Kernel.Nest nest;
    private final Buffer read;
    private final Buffer written;

    private Overwriting(Kernel.Nest nest, Buffer read, Buffer written) {
        this.nest = nest;
        this.read = read;
        this.written = written;
    }

    static boolean isSafe(Kernel kernel, Buffer read, Buffer written) {
        return switch (kernel) {
            case Kernel.Nest nest -> new Overwriting(nest, read, written).isSafe();
            case Kernel.Single(String _, Loop.Extern extern) -> extern.startsAs().filter(read::equals).isPresent()
                    && extern.arguments().stream().filter(new Loop.Argument.In(read)::equals).count() == 1;
            case Kernel.Single _, Kernel.SizeRead _, Kernel.Control _ -> false;
        };
    }

    private boolean isSafe() {
        boolean isWritten = false;
        for (Kernel.Phase phase : nest.phases()) {
            for (Kernel.Statement statement : phase.statements()) {
                boolean writes = statement.targets().contains(written);
                if (writes && (isWritten || !(statement instanceof Kernel.Statement.Assign))) {
                    return false;
                }
                if (isWritten && reads(statement)) {
                    return false;
                }
                isWritten |= writes;
            }
        }
        return isWritten && nest.phases().stream().allMatch(this::keepsToItsElements);
    }

    private boolean reads(Kernel.Statement statement) {
        return Loop.loads(statement.scalar()).contains(read);
    }

    private boolean keepsToItsElements(Kernel.Phase phase) {
        List<Size> store = storeIndices();
        boolean isSamePhase = phase.statements().stream().anyMatch(statement -> statement.targets().contains(written));
        boolean[] keeps = {true};
        phase.statements().forEach(statement -> statement.scalar().forEach(node -> {
            switch (node) {
                case Scalar.Load load when load.buffer() == read -> keeps[0] &= isSamePhase
                        ? load.offset().equals(written.layout().offset(store)) : isInSameRow(load.indices(), store);
                case Scalar.Gather gather when gather.buffer() == read -> keeps[0] = false;
                case Scalar.Load _, Scalar.Gather _, Scalar.Literal _, Scalar.Index _, Scalar.Unary _, Scalar.Binary _,
                     Scalar.Select _, Scalar.Guarded _, Scalar.Convert _ -> { }
            }
        }));
        return keeps[0];
    }

    private List<Size> storeIndices() {
        return nest.phases().stream().flatMap(phase -> phase.statements().stream())
                .filter(statement -> statement.targets().contains(written))
                .map(statement -> ((Kernel.Statement.Assign) statement).store().indices()).findFirst().orElseThrow();
    }

    /** Each outer variable is an index by itself, of both; without any, threads divide the inner ones. */
    private boolean isInSameRow(List<Size> load, List<Size> store) {
        for (Symbol outer : nest.outer()) {
            int dim = store.indexOf(outer);
            if (dim < 0 || !load.get(dim).equals(outer)) {
                return false;
            }
        }
        return !nest.outer().isEmpty();
    }
}
