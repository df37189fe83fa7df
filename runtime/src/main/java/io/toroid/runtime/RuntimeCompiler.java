package io.toroid.runtime;

import io.toroid.op.CustomOperator;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** What {@link DynamicModel#compile} asks to compile a model: the artifact {@code toroid-processor} provides it as a service. */
public interface RuntimeCompiler {

    /**
     * Compiles a model, or finds what was compiled before.
     *
     * @param model an instance of a class with {@code @Model}
     * @param options of the processor, by their names without {@code -A}
     * @throws ToroidException if the model or an option is not valid, or there is no C++ compiler; the message has all mistakes
     */
    Built build(Object model, Map<String, String> options);

    /**
     * A compiled model on the disk.
     *
     * @param className binary name of its class
     * @param directory that has its resources
     * @param isTemporary whether the directory is to be deleted once the model is loaded
     * @param operators of its author's own that compute in Java
     */
    record Built(String className, Path directory, boolean isTemporary, List<CustomOperator> operators) {

        public Built {
            operators = List.copyOf(operators);
        }
    }
}
