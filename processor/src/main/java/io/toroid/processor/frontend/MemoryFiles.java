package io.toroid.processor.frontend;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.ForwardingJavaFileObject;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;

/**
 * The files of the nested compiler: sources of the surrounding compilation, the class files that it sees, sources
 * given as text, and classes written to memory.
 */
final class MemoryFiles extends ForwardingJavaFileManager<StandardJavaFileManager> {

    private final ClassRoots roots;
    private final Map<String, JavaFileObject> texts = new HashMap<>();
    private final Map<String, ByteArrayOutputStream> classes = new HashMap<>();
    private int rootsSet = -1;

    MemoryFiles(StandardJavaFileManager files, ClassRoots roots) {
        super(files);
        this.roots = roots;
    }

    /** A source given as text, seen as if it stood on the source path. */
    void addSource(String className, String text) {
        texts.put(className, new TextFile(className, text));
    }

    /** The classes that the compiler wrote, by binary name. */
    Map<String, byte[]> classes() {
        Map<String, byte[]> bytes = new HashMap<>();
        classes.forEach((name, stream) -> bytes.put(name, stream.toByteArray()));
        return bytes;
    }

    @Override
    public Iterable<JavaFileObject> list(Location location, String packageName, Set<JavaFileObject.Kind> kinds, boolean recurse)
            throws IOException {
        if (location != StandardLocation.CLASS_PATH) {
            return super.list(location, packageName, kinds, recurse);
        }
        Map<String, JavaFileObject> sources = new HashMap<>(roots.explore(packageName));
        texts.forEach((name, file) -> {
            if (packageOf(name).equals(packageName)) {
                sources.put(name, file);
            }
        });
        List<JavaFileObject> found = new ArrayList<>();
        if (kinds.contains(JavaFileObject.Kind.SOURCE)) {
            sources.forEach((name, file) -> found.add(new Named(name, file)));
        }
        if (kinds.contains(JavaFileObject.Kind.CLASS)) {
            setRoots();
            for (JavaFileObject file : super.list(location, packageName, Set.of(JavaFileObject.Kind.CLASS), recurse)) {
                if (!sources.containsKey(topLevel(super.inferBinaryName(location, file)))) {
                    found.add(file);
                }
            }
        }
        return found;
    }

    @Override
    public String inferBinaryName(Location location, JavaFileObject file) {
        return file instanceof Named named ? named.binaryName : super.inferBinaryName(location, file);
    }

    @Override
    public boolean isSameFile(FileObject a, FileObject b) {
        return a == b || a.toUri().equals(b.toUri());
    }

    @Override
    public JavaFileObject getJavaFileForOutput(Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
        return new ClassFile(className);
    }

    private void setRoots() {
        if (rootsSet == roots.discovered().size()) {
            return;
        }
        rootsSet = roots.discovered().size();
        try {
            fileManager.setLocationFromPaths(StandardLocation.CLASS_PATH, List.copyOf(roots.discovered()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String packageOf(String className) {
        int dot = className.lastIndexOf('.');
        return dot < 0 ? "" : className.substring(0, dot);
    }

    private static String topLevel(String binaryName) {
        int dollar = binaryName.indexOf('$', binaryName.lastIndexOf('.') + 2);
        return dollar < 0 ? binaryName : binaryName.substring(0, dollar);
    }

    /** A file that holds the class of a given name, which may be an auxiliary one of the file. */
    private static final class Named extends ForwardingJavaFileObject<JavaFileObject> {

        private final String binaryName;

        Named(String binaryName, JavaFileObject file) {
            super(file);
            this.binaryName = binaryName;
        }

        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return kind == getKind();
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Named that && toUri().equals(that.toUri());
        }

        @Override
        public int hashCode() {
            return toUri().hashCode();
        }
    }

    private static final class TextFile extends SimpleJavaFileObject {

        private final String text;

        TextFile(String className, String text) {
            super(URI.create("toroid:///" + className.replace('.', '/') + Kind.SOURCE.extension), Kind.SOURCE);
            this.text = text;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }
    }

    private final class ClassFile extends SimpleJavaFileObject {

        private final String className;

        ClassFile(String className) {
            super(URI.create("toroid:///" + className.replace('.', '/') + Kind.CLASS.extension), Kind.CLASS);
            this.className = className;
        }

        @Override
        public OutputStream openOutputStream() {
            ByteArrayOutputStream stream = new ByteArrayOutputStream();
            classes.put(className, stream);
            return stream;
        }
    }
}
