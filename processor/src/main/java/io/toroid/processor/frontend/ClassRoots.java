package io.toroid.processor.frontend;

import java.lang.module.ModuleFinder;
import java.net.URI;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.stream.Collectors;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import javax.tools.JavaFileObject;

/**
 * What the surrounding compilation compiles and what it finds on its class path, learned from where it takes its
 * elements: processors are not told the class path. The directories and archives of class files are discovered
 * package by package, as the nested compiler and the class loader ask.
 */
final class ClassRoots {

    private static final Set<String> SYSTEM_MODULES = ModuleFinder.ofSystem().findAll().stream()
            .map(module -> module.descriptor().name())
            .collect(Collectors.toUnmodifiableSet());

    private final Compilation compilation;
    private final SequencedSet<Path> roots = new LinkedHashSet<>();
    private final Map<String, Map<String, JavaFileObject>> sourcesByPackage = new HashMap<>();

    ClassRoots(Compilation compilation) {
        this.compilation = compilation;
    }

    /** Directories and archives of class files, as far as they have been discovered. */
    Collection<Path> discovered() {
        return Collections.unmodifiableCollection(roots);
    }

    /** Top-level classes of a package that are being compiled from source, by binary name; discovers its roots. */
    Map<String, JavaFileObject> explore(String packageName) {
        Map<String, JavaFileObject> known = sourcesByPackage.get(packageName);
        if (known != null) {
            return known;
        }
        Map<String, JavaFileObject> sources = new HashMap<>();
        for (PackageElement element : compilation.elements().getAllPackageElements(packageName)) {
            if (isSystem(element)) {
                continue;
            }
            List<TypeElement> types = ElementFilter.typesIn(element.getEnclosedElements());
            for (TypeElement type : types) {
                String name = compilation.elements().getBinaryName(type).toString();
                compilation.fileOf(type).ifPresent(file -> {
                    if (file.getKind() == JavaFileObject.Kind.SOURCE) {
                        sources.put(name, file);
                    } else {
                        rootOf(file.toUri(), name).ifPresent(roots::add);
                    }
                });
            }
        }
        sourcesByPackage.put(packageName, sources);
        return sources;
    }

    private boolean isSystem(PackageElement element) {
        var module = compilation.elements().getModuleOf(element);
        return module != null && SYSTEM_MODULES.contains(module.getQualifiedName().toString());
    }

    /** The archive or the directory that holds the class; empty if it is neither. */
    static Optional<Path> rootOf(URI file, String binaryName) {
        try {
            if ("jar".equals(file.getScheme())) {
                String inner = file.getRawSchemeSpecificPart();
                return Optional.of(Path.of(URI.create(inner.substring(0, inner.lastIndexOf("!/")))));
            }
            Path root = Path.of(file);
            for (int i = binaryName.split("\\.").length; i > 0; i--) {
                root = root.getParent();
            }
            return Optional.ofNullable(root);
        } catch (IllegalArgumentException | FileSystemNotFoundException | IndexOutOfBoundsException _) {
            return Optional.empty();
        }
    }
}
