package io.toroid.processor.frontend;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.annotation.processing.Filer;
import javax.tools.FileObject;
import javax.tools.StandardLocation;

/**
 * Where resources of models are looked for.
 *
 * @param description for messages: {@code the class path}
 * @param search finds a resource by its path; an exception says, as nothing does, that there is none
 */
public record ResourcePlace(String description, Search search) {

    /** Finds resources. */
    @FunctionalInterface
    public interface Search {
        Optional<Resource> find(String name) throws IOException;
    }

    /** A resource, in a file or elsewhere. */
    record Resource(URI uri, Opening opening) {
    }

    /** Reads a resource. */
    @FunctionalInterface
    interface Opening {
        InputStream open() throws IOException;
    }

    /** Those of the module that is being compiled and of its class path. */
    public static List<ResourcePlace> of(Filer filer) {
        List<ResourcePlace> places = new ArrayList<>();
        places.add(of(filer, StandardLocation.CLASS_OUTPUT, "the class output"));
        places.add(of(filer, StandardLocation.SOURCE_PATH, "the source path"));
        places.add(of(filer, StandardLocation.CLASS_PATH, "the class path"));
        return places;
    }

    private static ResourcePlace of(Filer filer, StandardLocation location, String description) {
        return new ResourcePlace(description, name -> {
            FileObject file = filer.getResource(location, "", name);
            return Optional.of(new Resource(file.toUri(), file::openInputStream));
        });
    }

    /** Those of a class in a running JVM. */
    public static List<ResourcePlace> of(Class<?> type) {
        return List.of(new ResourcePlace("the resources of " + type.getName(), name -> {
            URL url = type.getResource("/" + name);
            return url == null ? Optional.empty() : Optional.of(new Resource(URI.create(url.toString().replace(" ", "%20")), url::openStream));
        }));
    }
}
