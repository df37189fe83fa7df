package io.toroid.runtime;

import io.toroid.op.CustomOperator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A model that was compiled in the running JVM, for which there is no façade. Its entries are called by name, with all inputs and
 * outputs in one row, as {@link #inputs} and {@link #outputs} list them; or by an interface of the caller's.
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

    /** Loads what a compiler has built; what is loaded does not need its files any more. */
    public static DynamicModel load(RuntimeCompiler.Built built, LoadOptions options) {
        try {
            return new DynamicModel(name -> url(built.directory().resolve(name)), built.className(), options, built.operators());
        } finally {
            if (built.isTemporary()) {
                delete(built.directory());
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

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
