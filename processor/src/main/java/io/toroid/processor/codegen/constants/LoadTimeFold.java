package io.toroid.processor.codegen.constants;

import io.toroid.processor.loop.Buffer;
import io.toroid.processor.schedule.Kernel;
import io.toroid.processor.schedule.Schedule;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What of the program that folds constants has to run even when the blob holds all that could be prepared.
 *
 * @param kernels those that run; the others only make what is prepared
 * @param touched the buffers that they read and write
 */
public record LoadTimeFold(Set<Kernel> kernels, Set<Buffer> touched) {

    /** @param prepared has the outputs that the blob could hold */
    public static LoadTimeFold of(Schedule schedule, PreparedConstants prepared) {
        Set<Buffer> wanted = new HashSet<>(schedule.outputs());
        wanted.removeIf(prepared::has);
        for (Kernel kernel : schedule.kernels()) {
            if (kernel instanceof Kernel.Control) {
                wanted.addAll(kernel.outputs());  // what is in a branch is not told apart
            }
        }
        Set<Kernel> kernels = new HashSet<>();
        boolean grew = true;
        while (grew) {
            grew = false;
            for (Kernel kernel : schedule.kernels()) {
                if (!kernels.contains(kernel) && !Collections.disjoint(kernel.outputs(), wanted)) {
                    kernels.add(kernel);
                    wanted.addAll(kernel.inputs());
                    wanted.addAll(kernel.outputs());
                    grew = true;
                }
            }
        }
        return new LoadTimeFold(kernels, wanted);
    }

    /** Of the outputs, those that these kernels write, prepared or not. */
    public List<Buffer> written(List<Buffer> outputs) {
        return outputs.stream().filter(touched::contains).toList();
    }

    /** The stored constants that must be there for it. */
    public Set<Buffer> read() {
        return touched.stream().filter(buffer -> buffer.kind() == Buffer.Kind.CONSTANT).collect(Collectors.toSet());
    }
}
