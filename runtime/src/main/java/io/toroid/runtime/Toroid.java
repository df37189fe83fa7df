package io.toroid.runtime;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;

/**
 * Compiles models in a running JVM, where a model is known only then: with sizes that a configuration decides, say, or from a plug-in. It
 * takes what a build takes: the artifact {@code toroid-processor} on the class path, a JDK, and a C++ compiler; but not the last if the same
 * was compiled before, on this machine, for then it comes from the cache.
 *
 * <pre>{@code
 * try (DynamicModel model = Toroid.compile(new Classifier(config.layers()))) {
 *     float[][] scores = (float[][]) model.call("classify", (Object) pixels)[0];
 * }
 * }</pre>
 */
public final class Toroid {

    private Toroid() {
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
     *     is for this machine only
     * @throws ToroidException if the model or an option is not valid, or something is missing; the message says what and how to mend it
     */
    public static DynamicModel compile(Object model, Map<String, String> options, LoadOptions loading) {
        Objects.requireNonNull(model, "model");
        Objects.requireNonNull(loading, "loading");
        RuntimeCompiler compiler = find(ServiceLoader.load(RuntimeCompiler.class, RuntimeCompiler.class.getClassLoader()))
                .or(() -> find(ServiceLoader.load(RuntimeCompiler.class)))
                .orElseThrow(() -> new ToroidException(("%s cannot be compiled, because Toroid's compiler is missing: "
                        + "add the artifact io.toroid:toroid-processor to the class path").formatted(model.getClass().getName())));
        return DynamicModel.load(compiler.build(model, Map.copyOf(options)), loading);
    }

    private static Optional<RuntimeCompiler> find(ServiceLoader<RuntimeCompiler> compilers) {
        return compilers.findFirst();
    }
}
