package io.toroid.processor.schedule;

import io.toroid.processor.loop.Buffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The kernels of one entry in the order in which they run.
 *
 * @param name of the entry
 * @param inputs the caller's tensors
 * @param outputs the buffers to fill
 */
public record Schedule(String name, List<Buffer> inputs, List<Buffer> outputs, List<Kernel> kernels) {

    public Schedule {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        kernels = List.copyOf(kernels);
    }

    /** All kernels that are functions, those of branches and loops included. */
    public List<Kernel> functions() {
        List<Kernel> functions = new ArrayList<>();
        for (Kernel kernel : kernels) {
            switch (kernel) {
                case Kernel.Control control ->
                    control.sections().forEach(section -> functions.addAll(section.schedule().functions()));
                case Kernel.SizeRead _ -> { }
                case Kernel.Nest _, Kernel.Single _ -> functions.add(kernel);
            }
        }
        return functions;
    }
}
