package io.toroid.runtime;

import io.toroid.op.CustomOperator;
import io.toroid.runtime.ffi.ModelLibrary;
import io.toroid.runtime.ffi.NativeException;
import io.toroid.runtime.ffi.TensorDescriptor;
import io.toroid.runtime.weights.WeightSource;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/**
 * A loaded model, the base of the generated façades. A façade adds one typed method for each entry, made of the protected methods here.
 *
 * <p>All methods may be called from any thread. As many calls run at a time as {@link LoadOptions#instances()} says; more wait.
 * {@link #close()} waits for running calls and then frees all native memory; calls after it are refused.
 *
 * <p>Inputs and outputs are checked by the library before it touches memory: number, element type, rank, every size, alignment,
 * overlap. What is wrong becomes a {@link ToroidException} with the library's message.
 */
public abstract class CompiledModel extends SingleValues implements AutoCloseable {
    private static final long[] NO_VALUES = {};

    private final ModelLoader.Loaded loaded;
    private final ModelLibrary library;
    private final long container;
    private final EntryArguments[] arguments;
    private final CallFrame.Pool frames;
    /** Null unless the model was compiled for profiles. */
    private final ProfileSource profile;
    /** Those written in Java; null without any. */
    private final JavaOperators operators;
    private final CallGate gate = new CallGate();

    /**
     * Loads a model.
     *
     * @param facade the class whose class loader has the model's resources
     * @param modelName fully qualified name of the model class
     * @throws ToroidException if the model cannot run here; the message says why
     */
    protected CompiledModel(Class<?> facade, String modelName, LoadOptions options) {
        this(facade, modelName, options, new CustomOperator[0]);
    }

    /**
     * Loads a model that has operators of its author's own in Java.
     *
     * @throws ToroidException if the model cannot run here; the message says why
     */
    protected CompiledModel(Class<?> facade, String modelName, LoadOptions options, CustomOperator... operators) {
        this(new Resources(facade), modelName, options, operators);
    }

    /**
     * Loads a model whose files are not in a jar: for what compiles in the running JVM.
     *
     * @param resources where a file of the model is, by its path; null if it is nowhere
     * @param modelName fully qualified name of the model class
     * @throws ToroidException if the model cannot run here; the message says why
     */
    protected CompiledModel(Function<String, URL> resources, String modelName, LoadOptions options, CustomOperator... operators) {
        this(resources, modelName, options, CpuFeatures.current(), operators);
    }

    /** A record and not a lambda: the first lambda of a JVM takes it ten milliseconds. */
    private record Resources(Class<?> facade) implements Function<String, URL> {
        @Override
        public URL apply(String name) {
            return facade.getResource("/" + name);
        }
    }

    CompiledModel(Function<String, URL> resources, String modelName, LoadOptions options, CpuFeatures cpu, CustomOperator... operators) {
        long begun = System.nanoTime();
        this.loaded = new ModelLoader(resources, modelName, Objects.requireNonNull(options, "options")).load(cpu);
        this.library = loaded.library();
        this.container = loaded.container();
        this.arguments = EntryArguments.of(loaded.manifest());
        int most = 0;
        for (EntryArguments entry : arguments) {
            most = Math.max(most, entry.count());
        }
        this.frames = new CallFrame.Pool(most);
        try (Undo undo = new Undo()) {
            undo.add(loaded);
            this.profile = library.isProfiled() ? undo.add(new ProfileSource(loaded.manifest(), library, begun)) : null;
            this.operators = operators.length > 0 ? undo.add(new JavaOperators(List.of(operators))) : null;
            if (this.operators != null) {
                library.setOperators(container, this.operators.address());
            }
            undo.keep();
        }
    }

    // ---- what it is -----------------------------------------------------------------------------------------------------

    /** Fully qualified name of the model class. */
    public final String modelName() {
        return loaded.manifest().model();
    }

    /** The instruction set of the loaded variant, such as {@code x86-64-v3}. */
    public final String isa() {
        return loaded.variant().isa();
    }

    /** The names of the entries. */
    public final List<String> entries() {
        return loaded.manifest().entries().stream().map(ModelManifest.EntryInfo::name).toList();
    }

    /** The flattened inputs of an entry. */
    public final List<TensorInfo> inputs(String entry) {
        return entry(entry).inputs();
    }

    /** The flattened outputs of an entry. */
    public final List<TensorInfo> outputs(String entry) {
        return entry(entry).outputs();
    }

    /** All constants that the model has; not those that are computed from them. */
    public final List<ConstantInfo> constants() {
        return loaded.manifest().constants();
    }

    /** How many calls can run at a time: what was asked for, or 1 if the model keeps state between calls. */
    public final int instances() {
        return library.instances(container);
    }

    // ---- weights --------------------------------------------------------------------------------------------------------

    /**
     * Has calls that begin from now on see the weights of a file; those under way finish with the weights they began with. Returns when
     * these have ended. What the compiler computed from weights is computed anew, before any call sees it. States stay as they are.
     *
     * @param safetensors has all parameters and buffers, as {@link LoadOptions#withWeights}; it is mapped until other weights take its
     *     place, and must stay as it is
     * @throws ToroidException if the file does not fit the model: all that is wrong is listed, and nothing has changed
     * @throws IllegalStateException if the model is closed
     */
    public final void swapWeights(Path safetensors) {
        Objects.requireNonNull(safetensors, "safetensors");
        change(() -> loaded.constants().swap(safetensors));
    }

    /**
     * The same with weights of any source, which are copied.
     *
     * @param weights all parameters and buffers, by their names in {@link #constants()}
     */
    public final void swapWeights(WeightSource weights) {
        Objects.requireNonNull(weights, "weights");
        change(() -> loaded.constants().swap(weights));
    }

    /**
     * The same with some of the weights, which are copied; the others stay as they are.
     *
     * @param tensors by their names in {@link #constants()}; of any strides
     * @throws ToroidException if a tensor does not fit, or if something is computed from one of them and another weight that is not
     *     there any more, because the compiler stored only the result: the message names it. Nothing has changed then
     * @throws IllegalArgumentException if the model has no constant of a name
     */
    public final void swapWeights(Map<String, NativeTensor> tensors) {
        Objects.requireNonNull(tensors, "tensors");
        change(() -> loaded.constants().update(tensors));
    }

    /**
     * A copy of the value of a constant, as calls see it now; to be closed.
     *
     * @param name its name in {@link #constants()}
     * @throws ToroidException if only what the compiler computed from it is there
     * @throws IllegalArgumentException if the model has no constant of this name
     */
    public final NativeTensor constant(String name) {
        NativeTensor[] value = new NativeTensor[1];
        change(() -> value[0] = loaded.constants().read(name));
        return value[0];
    }

    private void change(Runnable change) {
        enter();
        try {
            change.run();
        } catch (NativeException e) {
            throw new ToroidException(e.getMessage(), e);
        } finally {
            gate.leave();
        }
    }

    private ModelManifest.EntryInfo entry(String name) {
        return loaded.manifest().entries().stream().filter(entry -> entry.name().equals(name)).findFirst().orElseThrow(
                () -> new IllegalArgumentException("%s has no entry '%s'; it has %s".formatted(modelName(), name, entries())));
    }

    /** Where its profiles come from. */
    final ProfileSource profileSource() {
        if (profile == null) {
            throw new IllegalStateException("%s was not compiled for profiles: compile it with -Atoroid.instrument=profile".formatted(modelName()));
        }
        return profile;
    }

    // ---- calls with the caller's tensors: nothing is allocated ----------------------------------------------------------

    /** Runs an entry with one input and one output. */
    protected final void run1(int entry, NativeTensor input, NativeTensor output) {
        enter();
        try {
            acquire(entry, 0, input);
            try {
                acquire(entry, 1, output);
                try {
                    check(library.run(container, entry, input.descriptorAddress(), 1, output.descriptorAddress(), 1));
                } finally {
                    output.release();
                }
            } finally {
                input.release();
            }
        } finally {
            gate.leave();
        }
    }

    /** Runs an entry whose inputs and outputs are given in one row, inputs first. */
    protected final void run3(int entry, int inputs, NativeTensor a, NativeTensor b, NativeTensor c) {
        enter();
        CallFrame frame = frames.take();
        int acquired = 0;
        try {
            acquired = put(entry, frame, 0, a);
            acquired = put(entry, frame, 1, b);
            acquired = put(entry, frame, 2, c);
            check(library.run(container, entry, frame.address(0), inputs, frame.address(inputs), 3 - inputs));
        } finally {
            release(acquired, a, b, c, null);
            frames.give(frame);
            gate.leave();
        }
    }

    /** Runs an entry whose inputs and outputs are given in one row, inputs first. */
    protected final void run4(int entry, int inputs, NativeTensor a, NativeTensor b, NativeTensor c, NativeTensor d) {
        enter();
        CallFrame frame = frames.take();
        int acquired = 0;
        try {
            acquired = put(entry, frame, 0, a);
            acquired = put(entry, frame, 1, b);
            acquired = put(entry, frame, 2, c);
            acquired = put(entry, frame, 3, d);
            check(library.run(container, entry, frame.address(0), inputs, frame.address(inputs), 4 - inputs));
        } finally {
            release(acquired, a, b, c, d);
            frames.give(frame);
            gate.leave();
        }
    }

    /** Runs an entry; as many inputs and outputs as it has. */
    protected final void run(int entry, NativeTensor[] inputs, NativeTensor[] outputs) {
        arguments[entry].requireCounts(inputs.length, outputs.length);
        enter();
        CallFrame frame = frames.take();
        int acquired = 0;
        try {
            for (NativeTensor input : inputs) {
                acquired = put(entry, frame, acquired, input);
            }
            for (NativeTensor output : outputs) {
                acquired = put(entry, frame, acquired, output);
            }
            check(library.run(container, entry, frame.address(0), inputs.length, frame.address(inputs.length), outputs.length));
        } finally {
            release(acquired, inputs, outputs);
            frames.give(frame);
            gate.leave();
        }
    }

    /**
     * Runs an entry some of whose inputs are single values.
     *
     * @param inputs the tensors, null in the place of each value
     * @param values what {@code bits} gives for the values, anything in the place of a tensor
     */
    protected final void run(int entry, NativeTensor[] inputs, long[] values, NativeTensor[] outputs) {
        arguments[entry].requireCounts(inputs.length, outputs.length);
        enter();
        CallFrame frame = frames.take();
        int acquired = 0;
        try {
            acquired = putInputs(entry, frame, inputs, values);
            for (NativeTensor output : outputs) {
                acquired = put(entry, frame, acquired, output);
            }
            check(library.run(container, entry, frame.address(0), inputs.length, frame.address(inputs.length), outputs.length));
        } finally {
            release(acquired, inputs, outputs);
            frames.give(frame);
            gate.leave();
        }
    }

    // ---- calls that allocate their outputs ------------------------------------------------------------------------------

    /** Runs an entry; the outputs have memory of their own, to be closed by the caller. */
    protected final NativeTensor[] run(int entry, NativeTensor... inputs) {
        NativeTensor[] outputs = new NativeTensor[outputCount(entry)];
        try {
            run(entry, inputs, NO_VALUES, outputs, null);
            return outputs;
        } catch (RuntimeException | Error e) {
            closeAll(outputs);
            throw e;
        }
    }

    /** Runs an entry some of whose inputs are single values, as above; the outputs have memory of their own, to be closed by the caller. */
    protected final NativeTensor[] run(int entry, NativeTensor[] inputs, long[] values) {
        NativeTensor[] outputs = new NativeTensor[outputCount(entry)];
        try {
            run(entry, inputs, values, outputs, null);
            return outputs;
        } catch (RuntimeException | Error e) {
            closeAll(outputs);
            throw e;
        }
    }

    /** Runs an entry; the outputs live in the arena. */
    protected final NativeTensor[] run(Arena arena, int entry, NativeTensor... inputs) {
        NativeTensor[] outputs = new NativeTensor[outputCount(entry)];
        run(entry, inputs, NO_VALUES, outputs, arena);
        return outputs;
    }

    /**
     * Runs an entry on nested Java arrays, {@code float[][]} for {@code f32} of rank 2 and so on, a boxed value for rank 0.
     *
     * @return one nested array for each output
     */
    protected final Object[] runArrays(int entry, Object... values) {
        NativeTensor[] inputs = new NativeTensor[values.length];
        NativeTensor[] outputs = new NativeTensor[outputCount(entry)];
        arguments[entry].requireCounts(inputs.length, outputs.length);
        try {
            for (int i = 0; i < inputs.length; i++) {
                inputs[i] = arguments[entry].fromArray(i, values[i]);
            }
            run(entry, inputs, NO_VALUES, outputs, null);
            Object[] results = new Object[outputs.length];
            for (int i = 0; i < results.length; i++) {
                results[i] = NestedArrays.toArray(outputs[i]);
            }
            return results;
        } finally {
            closeAll(inputs);
            closeAll(outputs);
        }
    }

    private static void closeAll(NativeTensor[] tensors) {
        for (NativeTensor tensor : tensors) {
            if (tensor != null) {
                tensor.close();
            }
        }
    }

    /**
     * Two native calls: the first describes the outputs, the second computes them. Outputs whose sizes depend on data get their memory
     * in the second one; if all are such, it is the only one.
     */
    private void run(int entry, NativeTensor[] inputs, long[] values, NativeTensor[] outputs, Arena arena) {
        arguments[entry].requireCounts(inputs.length, outputs.length);
        enter();
        CallFrame frame = frames.take();
        int acquired = 0;
        try {
            acquired = putInputs(entry, frame, inputs, values);
            frame.clear(inputs.length, inputs.length + outputs.length);
            int status = callOn(frame, entry, inputs.length, outputs.length);
            if (status == ModelLibrary.SIZES_FILLED) {
                for (int i = 0; i < outputs.length; i++) {
                    if (!TensorDescriptor.sizesComeLater(frame.descriptor(inputs.length + i))) {
                        outputs[i] = allocate(frame.descriptor(inputs.length + i), arena);
                        frame.put(inputs.length + i, outputs[i]);
                    }
                }
                status = callOn(frame, entry, inputs.length, outputs.length);
            }
            check(status);
            for (int i = 0; i < outputs.length; i++) {
                if (outputs[i] == null) {
                    outputs[i] = NativeTensor.taken(frame.descriptor(inputs.length + i), arena);
                }
            }
        } finally {
            release(acquired, inputs, outputs);
            frames.give(frame);
            gate.leave();
        }
    }

    /**
     * Gives the model's states their first values: those of the weight file, or zeros. Waits for calls under way.
     *
     * @throws IllegalStateException if the model is closed
     */
    protected final void resetStates() {
        change(() -> library.resetStates(container));
    }

    private int callOn(CallFrame frame, int entry, int inputs, int outputs) {
        return library.run(container, entry, frame.address(0), inputs, frame.address(inputs), outputs);
    }

    private static NativeTensor allocate(MemorySegment descriptor, Arena arena) {
        long[] sizes = TensorDescriptor.sizes(descriptor);
        return arena == null
                ? NativeTensor.allocate(TensorDescriptor.dtype(descriptor), sizes)
                : NativeTensor.allocate(arena, TensorDescriptor.dtype(descriptor), sizes);
    }

    // ---- structures, for façades -----------------------------------------------------------------------------------------

    /** Refuses null where a record of tensors is needed. */
    protected final void require(int entry, String name, Object record) {
        arguments[entry].requireStructure(name, record);
    }

    /** Refuses null and arrays of another length; an array of values is no {@code Object[]}. */
    protected final void require(int entry, String name, Object array, int length) {
        arguments[entry].requireLength(name, array, length);
    }

    // ---- life -----------------------------------------------------------------------------------------------------------

    /** Waits for running calls and frees all native memory. Closing twice does nothing. */
    @Override
    public final void close() {
        requireOutside();
        if (gate.close()) {
            if (profile != null) {
                profile.close();
            }
            loaded.close();
            if (operators != null) {
                operators.close();
            }
        }
    }

    public final boolean isClosed() {
        return gate.isClosed();
    }

    @Override
    public String toString() {
        return "%s (%s%s)".formatted(getClass().getSimpleName(), isa(), isClosed() ? ", closed" : "");
    }

    private void enter() {
        requireOutside();
        if (!gate.enter()) {
            throw new IllegalStateException("%s is closed and cannot be called any more".formatted(getClass().getSimpleName()));
        }
    }

    /** An operator that used the model which is running it would wait for its own end. */
    private void requireOutside() {
        if (operators != null) {
            operators.requireOutside(getClass().getSimpleName());
        }
    }

    private void check(int status) {
        if (status != ModelLibrary.SUCCESS) {
            throw failure(status);
        }
    }

    private RuntimeException failure(int status) {
        try {
            String message = library.lastError();
            Throwable cause = operators == null ? null : operators.take(library.lastReason());
            if (cause != null) {
                return new ToroidException(message, cause);
            }
            return new ToroidException(message.isEmpty() ? "%s failed with code %d".formatted(modelName(), status) : message);
        } catch (NativeException e) {
            return new ToroidException(e.getMessage(), e);
        }
    }

    private int outputCount(int entry) {
        return arguments[entry].outputs().size();
    }

    private void acquire(int entry, int index, NativeTensor tensor) {
        arguments[entry].require(index, tensor);
        tensor.acquire();
    }

    /** Acquires a tensor for the call and copies its descriptor; the number acquired now. */
    private int put(int entry, CallFrame frame, int index, NativeTensor tensor) {
        acquire(entry, index, tensor);
        frame.put(index, tensor);
        return index + 1;
    }

    /** Acquires the tensors among the inputs and writes the values; if a tensor is refused, those before it are released. */
    private int putInputs(int entry, CallFrame frame, NativeTensor[] inputs, long[] values) {
        List<TensorInfo> infos = arguments[entry].inputs();
        int done = 0;
        try {
            for (; done < inputs.length; done++) {
                if (inputs[done] == null && values.length > 0 && infos.get(done).rank() == 0) {
                    frame.putValue(done, infos.get(done).dtype(), values[done]);
                } else {
                    put(entry, frame, done, inputs[done]);
                }
            }
            return done;
        } catch (RuntimeException | Error e) {
            release(done, inputs, inputs);
            throw e;
        }
    }

    private static void release(int acquired, NativeTensor a, NativeTensor b, NativeTensor c, NativeTensor d) {
        if (acquired > 0) {
            a.release();
        }
        if (acquired > 1) {
            b.release();
        }
        if (acquired > 2) {
            c.release();
        }
        if (acquired > 3) {
            d.release();
        }
    }

    /** Releases the first tensors of a row of inputs and outputs; null stands for a value. */
    private static void release(int acquired, NativeTensor[] inputs, NativeTensor[] outputs) {
        for (int i = 0; i < acquired; i++) {
            NativeTensor tensor = i < inputs.length ? inputs[i] : outputs[i - inputs.length];
            if (tensor != null) {
                tensor.release();
            }
        }
    }
}
