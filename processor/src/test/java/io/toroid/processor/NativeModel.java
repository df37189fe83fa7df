package io.toroid.processor;

import io.toroid.DType;
import io.toroid.op.TensorData;
import io.toroid.processor.compiled.Batch;
import io.toroid.processor.model.TracedModel;
import io.toroid.processor.toolchain.ArtifactCache;
import io.toroid.processor.toolchain.CppCompiler;
import io.toroid.processor.toolchain.Isa;
import io.toroid.processor.toolchain.Linkage;
import io.toroid.processor.toolchain.NativeBuild;
import io.toroid.runtime.CompiledModel;
import io.toroid.runtime.LoadOptions;
import io.toroid.runtime.NativeTensor;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A batch of cases as a loaded library. System properties choose how it is built:
 *
 * <ul>
 * <li>{@code toroid.test.isa}: the instruction set, {@code native} by default
 * <li>{@code toroid.test.cxx}: the compiler with arguments. With {@code env -u LD_PRELOAD g++ -fsanitize=address,undefined}
 *     generated code checks itself. The JVM must then be started with {@code LD_PRELOAD="$(g++ -print-file-name=libasan.so)
 *     $(g++ -print-file-name=libubsan.so)"} and {@code ASAN_OPTIONS=detect_leaks=0:handle_segv=0:allow_user_segv_handler=1}
 * <li>{@code toroid.test.flags}: flags of compiles, {@code -O1} by default
 * <li>{@code toroid.test.sources}: a directory that the generated C++ is written to
 * </ul>
 */
final class NativeModel extends CompiledModel {

    private static final int UNITS = 8 * Runtime.getRuntime().availableProcessors();

    /** Bytes around an output that must stay as they are. */
    private static final int FENCE = 64;

    private static final byte UNTOUCHED = 0x5A;

    private NativeModel(Class<?> facade, String name, LoadOptions options) {
        super(facade, name, options);
    }

    /** Compiles and loads a batch. */
    static NativeModel of(Batch batch, Path directory, int threads) {
        return of(batch, directory, LoadOptions.defaults().withThreads(threads).withInstances(1));
    }

    /** Compiles and loads a batch. */
    static NativeModel of(Batch batch, Path directory, LoadOptions options) {
        return of(batch.model(), directory, options);
    }

    /** Compiles and loads a model. */
    static NativeModel of(TracedModel traced, Path directory, LoadOptions options) {
        return of(Pipeline.generate(traced, new VerifyingObserver()).inUnits(UNITS), directory, options);
    }

    /** Compiles and loads generated code. */
    static NativeModel of(GeneratedCode code, Path directory, LoadOptions options) {
        writeSources(code);
        Isa isa = Isa.of(System.getProperty("toroid.test.isa", "native")).orElseThrow();
        List<String> flags = List.of(System.getProperty("toroid.test.flags", "-O1").split(" +"));
        CompiledFiles files = LibraryStage.run(code, List.of(isa), Linkage.STANDALONE, () -> new NativeBuild(
                CppCompiler.find(Optional.ofNullable(System.getProperty("toroid.test.cxx")), System.getenv()),
                ArtifactCache.find(Optional.empty(), System.getenv()), Runtime.getRuntime().availableProcessors(), flags));
        files.resources().forEach((name, bytes) -> write(directory.resolve(name), bytes));
        try {
            Class<?> facade = new Resources(directory).loadClass(Facade.class.getName());
            return new NativeModel(facade, code.model().className(), options);
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void writeSources(GeneratedCode code) {
        String directory = System.getProperty("toroid.test.sources");
        if (directory != null) {
            Path target = Path.of(directory, code.model().className());
            code.sources().forEach((name, text) -> write(target.resolve(name + ".cpp"), text.getBytes()));
        }
    }

    private static void write(Path file, byte[] bytes) {
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    // ---- running

    /** How inputs lie in memory. */
    enum Inputs {
        CONTIGUOUS,
        /** Every dimension is padded by one element, and elements stand two apart. */
        STRIDED;

        long[] strides(long[] sizes) {
            long[] strides = new long[sizes.length];
            long step = this == STRIDED ? 2 : 1;
            for (int dim = sizes.length - 1; dim >= 0; dim--) {
                strides[dim] = step;
                step *= this == STRIDED ? sizes[dim] + 1 : sizes[dim];
            }
            return strides;
        }
    }

    /** Runs an entry; {@code like} says what outputs there are. */
    List<TensorData> run(int entry, List<TensorData> inputs, List<TensorData> like, Inputs layout) {
        return run(entry, inputs, inputs.stream().map(data -> layout.strides(data.sizes())).toList(), like);
    }

    /** Runs an entry on inputs that lie in memory as the strides say, in elements. */
    List<TensorData> run(int entry, List<TensorData> inputs, List<long[]> strides, List<TensorData> like) {
        try (Arena arena = Arena.ofConfined()) {
            NativeTensor[] in = IntStream.range(0, inputs.size())
                    .mapToObj(i -> input(arena, inputs.get(i), strides.get(i))).toArray(NativeTensor[]::new);
            List<MemorySegment> fenced = new ArrayList<>();
            List<NativeTensor> out = new ArrayList<>();
            for (TensorData data : like) {
                MemorySegment block = arena.allocate(2 * FENCE + bytes(data), FENCE).fill(UNTOUCHED);
                fenced.add(block);
                out.add(NativeTensor.wrap(block.asSlice(FENCE, bytes(data)), data.dtype(), data.sizes()));
            }
            run(entry, in, out.toArray(NativeTensor[]::new));
            fenced.forEach(NativeModel::checkFence);
            return out.stream().map(NativeTensor::data).toList();
        }
    }

    /** Runs an entry; the library says what outputs there are. */
    List<TensorData> run(int entry, List<TensorData> inputs) {
        try (Arena arena = Arena.ofConfined()) {
            NativeTensor[] in = inputs.stream()
                    .map(data -> input(arena, data, Inputs.CONTIGUOUS.strides(data.sizes()))).toArray(NativeTensor[]::new);
            return Stream.of(run(arena, entry, in)).map(NativeTensor::data).toList();
        }
    }

    /** Runs an entry on the tensors as they are. */
    void call(String entry, List<NativeTensor> inputs, List<NativeTensor> outputs) {
        run(entries().indexOf(entry), inputs.toArray(NativeTensor[]::new), outputs.toArray(NativeTensor[]::new));
    }

    /** Runs an entry; the library says what outputs there are. */
    NativeTensor[] call(Arena arena, String entry, NativeTensor... inputs) {
        return run(arena, entries().indexOf(entry), inputs);
    }

    void reset() {
        resetStates();
    }

    /** Runs an entry; the outputs have memory of their own, which is freed when they have been read. */
    List<TensorData> runOwned(int entry, List<TensorData> inputs) {
        try (Arena arena = Arena.ofConfined()) {
            NativeTensor[] in = inputs.stream()
                    .map(data -> input(arena, data, Inputs.CONTIGUOUS.strides(data.sizes()))).toArray(NativeTensor[]::new);
            NativeTensor[] out = run(entry, in);
            List<TensorData> read = Stream.of(out).map(NativeTensor::data).toList();
            Stream.of(out).forEach(NativeTensor::close);
            return read;
        }
    }

    private static long bytes(TensorData data) {
        return (long) data.count() * data.dtype().bytes();
    }

    private static void checkFence(MemorySegment block) {
        for (long i = 0; i < FENCE; i++) {
            if (block.get(ValueLayout.JAVA_BYTE, i) != UNTOUCHED
                    || block.get(ValueLayout.JAVA_BYTE, block.byteSize() - 1 - i) != UNTOUCHED) {
                throw new AssertionError("memory beside an output was written, %d bytes from its %s"
                        .formatted(block.get(ValueLayout.JAVA_BYTE, i) != UNTOUCHED ? FENCE - i : FENCE - i,
                                block.get(ValueLayout.JAVA_BYTE, i) != UNTOUCHED ? "start" : "end"));
            }
        }
    }

    private static NativeTensor input(Arena arena, TensorData data, long[] strides) {
        long elements = 1;
        for (int dim = 0; dim < strides.length; dim++) {
            elements += Math.max(0, data.sizes()[dim] - 1) * strides[dim];
        }
        NativeTensor tensor = NativeTensor.wrapStrided(arena.allocate(elements * data.dtype().bytes(), 64).fill((byte) 0xFF),
                data.dtype(), data.sizes(), strides);
        tensor.copyFrom(data);
        return tensor;
    }

    // ---- resources

    /** Stands for a generated façade: its class loader has the model's files. */
    public static final class Facade {
    }

    /** Defines the façade anew, with the files of a directory as its resources. */
    private static final class Resources extends ClassLoader {

        private final Path directory;

        Resources(Path directory) {
            super(NativeModel.class.getClassLoader());
            this.directory = directory;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.equals(Facade.class.getName())) {
                return super.loadClass(name, resolve);
            }
            try (InputStream stream = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = stream.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        @Override
        public URL getResource(String name) {
            Path file = directory.resolve(name);
            try {
                return Files.exists(file) ? file.toUri().toURL() : super.getResource(name);
            } catch (MalformedURLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** For messages. */
    static String describe(Map<String, Long> sizes) {
        return sizes.isEmpty() ? "" : " " + sizes;
    }
}
