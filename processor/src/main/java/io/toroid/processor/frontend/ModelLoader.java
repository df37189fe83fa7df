package io.toroid.processor.frontend;

import io.toroid.processor.diagnostic.Diagnostic;
import io.toroid.processor.diagnostic.ProblemException;
import io.toroid.processor.model.ModelDescriptor;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Loads a model that was compiled in memory: its own classes from there, Toroid's from the processor, so that both
 * speak of the same {@code Tensor}, and all others from the class path of the surrounding compilation.
 */
public final class ModelLoader extends URLClassLoader {

    private static final String OWN = "io.toroid.";

    private final Map<String, byte[]> classes;
    private final Compilation compilation;
    private final ClassRoots roots;
    private final Set<Path> added = new HashSet<>();

    ModelLoader(Map<String, byte[]> classes, Compilation compilation, ClassRoots roots) {
        super("toroid-models", new URL[0], ClassLoader.getPlatformClassLoader());
        this.classes = classes;
        this.compilation = compilation;
        this.roots = roots;
        addRoots();
    }

    /**
     * The model's class, not yet initialized.
     *
     * @throws ProblemException if this Java runtime cannot load it
     */
    public Class<?> loadModel(ModelDescriptor model) {
        try {
            return loadClass(model.className());
        } catch (UnsupportedClassVersionError e) {
            throw new ProblemException(Diagnostic.CLASS_NOT_LOADED, model.simpleName(), e.getMessage(),
                    "the compiler runs the model, so preview features must be enabled for the compiler's own Java too: -J--enable-preview");
        } catch (ClassNotFoundException | LinkageError e) {
            throw new ProblemException(Diagnostic.CLASS_NOT_LOADED, model.simpleName(), e.toString(),
                    "what it refers to must be on the class path as directories and archives");
        }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        synchronized (getClassLoadingLock(name)) {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null && !classes.containsKey(name) && name.startsWith(OWN)) {
                loaded = ownClass(name);
            }
            if (loaded == null && classes.containsKey(name)) {
                loaded = findClass(name);
            }
            if (loaded != null) {
                return loaded;
            }
            return super.loadClass(name, resolve);
        }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = classes.get(name);
        if (bytes != null) {
            return defineClass(name, bytes, 0, bytes.length);
        }
        compilation.find(name).ifPresent(type -> {
            roots.explore(compilation.elements().getPackageOf(type).getQualifiedName().toString());
            addRoots();
        });
        return super.findClass(name);
    }

    private static Class<?> ownClass(String name) {
        try {
            return ModelLoader.class.getClassLoader().loadClass(name);
        } catch (ClassNotFoundException _) {
            return null;
        }
    }

    private void addRoots() {
        for (Path root : roots.discovered()) {
            if (added.add(root)) {
                try {
                    addURL(root.toUri().toURL());
                } catch (MalformedURLException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }
}
