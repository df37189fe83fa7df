package io.toroid.processor.frontend;

import java.util.Optional;
import javax.annotation.processing.ProcessingEnvironment;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;
import javax.tools.JavaFileObject;

/**
 * The surrounding compilation, which runs the processor. IntelliJ and Gradle hide the compiler's own environment
 * behind a proxy; IntelliJ's is unwrapped, with any other the columns of messages are missing, nothing else.
 *
 * @param trees absent if the compiler does not show its trees
 */
public record Compilation(ProcessingEnvironment environment, Elements elements, Optional<TreeLocator> trees) {

    public static Compilation of(ProcessingEnvironment environment) {
        ProcessingEnvironment unwrapped = unwrap(environment);
        Elements elements = unwrapped.getElementUtils();
        return new Compilation(unwrapped, elements, TreeLocator.of(unwrapped));
    }

    /** The element of a class by its binary name; that of the enclosing class if it is local or anonymous. */
    Optional<TypeElement> find(String binaryName) {
        return find(elements, binaryName);
    }

    static Optional<TypeElement> find(Elements elements, String binaryName) {
        String name = binaryName;
        while (true) {
            TypeElement type = elements.getTypeElement(name);
            if (type == null) {
                type = elements.getTypeElement(name.replace('$', '.'));
            }
            int dollar = name.lastIndexOf('$');
            if (type != null || dollar <= name.lastIndexOf('.') + 1) {
                return Optional.ofNullable(type);
            }
            name = name.substring(0, dollar);
        }
    }

    /** The source or class file that the compiler takes a class from; empty if it does not tell. */
    Optional<JavaFileObject> fileOf(TypeElement type) {
        try {
            return Optional.ofNullable(elements.getFileObjectOf(type));
        } catch (UnsupportedOperationException _) {
            return Optional.empty();
        }
    }

    /** Runs an action once the compiler turns out to have no errors of its own in a class; with javac only. */
    public void whenCompiled(TypeElement type, Runnable action) {
        TreeLocator.whenCompiled(environment, type.getQualifiedName().toString(), action);
    }

    private static ProcessingEnvironment unwrap(ProcessingEnvironment environment) {
        try {
            Class<?> wrappers = environment.getClass().getClassLoader().loadClass("org.jetbrains.jps.javac.APIWrappers");
            return (ProcessingEnvironment) wrappers
                    .getDeclaredMethod("unwrap", Class.class, Object.class)
                    .invoke(null, ProcessingEnvironment.class, environment);
        } catch (ReflectiveOperationException | RuntimeException | LinkageError _) {
            return environment;
        }
    }
}
