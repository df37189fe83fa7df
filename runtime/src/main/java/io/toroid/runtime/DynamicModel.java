package io.toroid.runtime;

import io.toroid.op.CustomOperator;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A model that is compiled in the running JVM, because it is known only then: it has sizes that a configuration decides, say, or comes from a
 * plug-in. That takes what a build takes: the artifact {@code toroid-processor} on the class path, a JDK, and a C++ compiler; but not the
 * last if the same was compiled before on this machine, for then it comes from the cache.
 *
 * <p>There is no façade for it. Its entries are called by name, with all inputs and outputs in one row, as {@link #inputs} and
 * {@link #outputs} list them; or by an interface of the caller's.
 *
 * <pre>{@code
 * interface Classifier {
 *     float[][] classify(float[][] pixels);
 *     void classify(NativeTensor pixels, NativeTensor scores);
 * }
 *
 * Classifier classifier = model.as(Classifier.class);
 * }</pre>
 */
public final class DynamicModel extends CompiledModel {

    private DynamicModel(Function<String, URL> resources, String modelName, LoadOptions options, List<CustomOperator> operators) {
        super(resources, modelName, options, operators.toArray(CustomOperator[]::new));
    }

    /**
     * Compiles a model for this machine and loads it with the usual options.
     *
     * @param model an instance of a public class with {@code @Model}; other than in a build, its constructor may have parameters
     * @throws ToroidException if the model is not valid, or something is missing; the message says what and how to mend it
     */
    public static DynamicModel compile(Object model) {
        return compile(model, Map.of(), LoadOptions.defaults());
    }

    /**
     * Compiles a model and loads it.
     *
     * @param model an instance of a public class with {@code @Model}; other than in a build, its constructor may have parameters
     * @param options of the processor, by their names: {@code Map.of("toroid.instrument", "profile")}. Without {@code toroid.isa} the library
     *     is for this machine only. A compiler that {@code toroid.cxx} names is looked for only to compile: if the same was compiled before
     *     and it is not there now, what any compiler made will do
     * @throws ToroidException if the model or an option is not valid, or something is missing; the message says what and how to mend it
     */
    public static DynamicModel compile(Object model, Map<String, String> options, LoadOptions loading) {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(loading, "loading");
        RuntimeCompiler compiler = ServiceLoader.load(RuntimeCompiler.class, RuntimeCompiler.class.getClassLoader()).findFirst()
                .or(() -> ServiceLoader.load(RuntimeCompiler.class).findFirst())
                .orElseThrow(() -> new ToroidException(("%s cannot be compiled, because Toroid's compiler is missing: "
                        + "add the artifact io.toroid:toroid-processor to the class path").formatted(model.getClass().getName())));
        return load(compiler.build(model, Map.copyOf(options)), loading);
    }

    /**
     * Loads what a compiler has built; what is loaded does not need its files any more.
     *
     * @throws ToroidException if it cannot be loaded, or its temporary directory cannot be deleted
     */
    public static DynamicModel load(RuntimeCompiler.Built built, LoadOptions options) {
        try (Undo undo = new Undo()) {
            DynamicModel model;
            try (BuiltFiles _ = new BuiltFiles(built)) {
                model = undo.add(new DynamicModel(name -> url(built.directory().resolve(name)), built.className(), options, built.operators()));
            }
            undo.keep();
            return model;
        }
    }

    /** Deletes what nobody else will use. */
    private record BuiltFiles(RuntimeCompiler.Built built) implements AutoCloseable {
        @Override
        public void close() {
            if (built.isTemporary()) {
                try {
                    delete(built.directory());
                } catch (IOException | RuntimeException e) {
                    throw new ToroidException(("the temporary directory %s of %s cannot be deleted: %s; with a cache there is none:"
                            + " name a directory for it by the option toroid.cache").formatted(built.directory(), built.className(), e), e);
                }
            }
        }
    }

    private static URL url(Path file) {
        try {
            return Files.exists(file) ? file.toUri().toURL() : null;
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    /**
     * Runs an entry on nested Java arrays, {@code float[][]} for {@code f32} of rank 2 and so on, a boxed value for rank 0.
     *
     * @return one nested array for each output
     * @throws IllegalArgumentException if there is no such entry, or an array does not fit
     */
    public Object[] call(String entry, Object... arrays) {
        return runArrays(index(entry), arrays);
    }

    /**
     * Runs an entry; the outputs have memory of their own, to be closed by the caller.
     *
     * @throws IllegalArgumentException if there is no such entry, or it takes another number of tensors
     */
    public NativeTensor[] run(String entry, NativeTensor... inputs) {
        return run(index(entry), inputs);
    }

    /**
     * Runs an entry into tensors of the caller's; nothing is allocated.
     *
     * @throws IllegalArgumentException if there is no such entry, or it takes or gives another number of tensors
     */
    public void run(String entry, NativeTensor[] inputs, NativeTensor[] outputs) {
        run(index(entry), inputs, outputs);
    }

    /**
     * The model as an interface, whose methods have the names of entries. A method takes arrays, or tensors only, and returns what the
     * entry gives: an array or a tensor, or an {@code Object[]} or {@code NativeTensor[]} of several; or it takes inputs and outputs as tensors
     * and returns nothing. {@code close()} closes the model. An interface whose methods have code must be public.
     *
     * @throws IllegalArgumentException if a method does not fit an entry; the message says what would
     */
    public <T> T as(Class<T> type) {
        return EntryInterface.of(this, type);
    }

    /** Gives the states of the model their first values. */
    public void resetState() {
        resetStates();
    }

    private int index(String entry) {
        inputs(entry);
        return entries().indexOf(entry);
    }
}
