package io.toroid.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;

/**
 * Turns a model's resources into files: a library can only be loaded from a file, and constants only be mapped from one.
 *
 * <p>A resource that is a file is used in place. One inside a jar is extracted once, into a directory named for its content's hash, by
 * an atomic move: many processes may do it at the same time, nothing half-written is ever seen, a changed jar never meets the files of an
 * old one, and nothing has to be deleted at exit. The directory is the user's alone, since who can write there can make this process
 * run code.
 *
 * <p>What is extracted is compared with the manifest's SHA-256. A file that is there already is compared by length and by
 * {@link SampledChecksum}, which takes a millisecond where hashing 90 MB would take a third of a second: it finds files that are cut off,
 * half-written or of another build. That every byte is right is looked at only if {@link LoadOptions#fullVerification()} asks for it.
 */
public final class LibraryCache {
    /** Names the directory of extracted libraries. */
    public static final String DIRECTORY_PROPERTY = "toroid.library.dir";

    private final Path directory;
    private final boolean full;

    private LibraryCache(Path directory, boolean full) {
        this.directory = directory;
        this.full = full;
    }

    /**
     * The given directory; else that of {@value #DIRECTORY_PROPERTY}; else {@code toroid} in the user's cache directory.
     *
     * @param full whether every byte of a file is looked at before it is used
     */
    static LibraryCache of(Optional<Path> directory, boolean full) {
        String property = System.getProperty(DIRECTORY_PROPERTY);
        Path place = directory.isPresent() ? directory.get() : property != null ? Path.of(property) : userDirectory();
        return new LibraryCache(place, full);
    }

    private static Path userDirectory() {
        String cache = System.getenv("XDG_CACHE_HOME");
        if (cache != null && !cache.isBlank()) {
            return Path.of(cache, "toroid");
        }
        Path home = Path.of(System.getProperty("user.home", ""));
        if (!home.toString().isEmpty() && Files.isWritable(home)) {
            return home.resolve(".cache").resolve("toroid");
        }
        return Path.of(System.getProperty("java.io.tmpdir"), "toroid-" + System.getProperty("user.name"));
    }

    /** A file with the content of a resource, which must have the length and hash that the manifest states. */
    Path file(URL resource, ModelManifest.FileInfo expected) {
        try {
            Optional<Path> place = fileOf(resource);
            return place.isPresent() ? inPlace(place.get(), expected, full) : extracted(resource, expected);
        } catch (IOException e) {
            throw new ToroidException("%s cannot be extracted to %s: %s\nChoose another directory with the system property %s or with LoadOptions.withLibraryDirectory."
                    .formatted(resource, directory, describe(e), DIRECTORY_PROPERTY), e);
        }
    }

    private static Path inPlace(Path file, ModelManifest.FileInfo expected, boolean full) throws IOException {
        String problem = damage(file, expected, full);
        if (problem != null) {
            throw new ToroidException("%s is damaged: %s. Compile the model again.".formatted(file, problem));
        }
        return file;
    }

    private Path extracted(URL resource, ModelManifest.FileInfo expected) throws IOException {
        preparePrivate(directory);
        Path place = directory.resolve(expected.sha256());
        preparePrivate(place);
        Path file = place.resolve(expected.file());
        if (!Files.exists(file) || damage(file, expected, full) != null) {
            extract(resource, expected, file);
        }
        return file;
    }

    private static void extract(URL resource, ModelManifest.FileInfo expected, Path file) throws IOException {
        Path fresh = Files.createTempFile(file.getParent(), "extract-", ".tmp");
        try {
            MessageDigest digest = sha256();
            try (InputStream in = resource.openStream(); OutputStream out = new DigestOutputStream(Files.newOutputStream(fresh), digest)) {
                in.transferTo(out);
            }
            String actual = HexFormat.of().formatHex(digest.digest());
            if (!actual.equals(expected.sha256())) {
                throw new ToroidException("%s is damaged: its SHA-256 is %s instead of %s. Compile the model again."
                        .formatted(resource, actual, expected.sha256()));
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            throw new IOException("its file system has no atomic move", e);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /** What distinguishes a file from what the manifest states; null if nothing. */
    private static String damage(Path file, ModelManifest.FileInfo expected, boolean full) throws IOException {
        long bytes = Files.size(file);
        if (bytes != expected.bytes()) {
            return "it has %d bytes instead of %d".formatted(bytes, expected.bytes());
        }
        String checksum = SampledChecksum.of(file);
        if (!checksum.equals(expected.checksum())) {
            return "its checksum is %s instead of %s".formatted(checksum, expected.checksum());
        }
        String hash = full ? hash(file) : expected.sha256();
        return hash.equals(expected.sha256()) ? null : "its SHA-256 is %s instead of %s".formatted(hash, expected.sha256());
    }

    /** The SHA-256 of a file in lower-case hexadecimal, as manifests have it. */
    public static String hash(Path file) {
        MessageDigest digest = sha256();
        try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
            byte[] buffer = new byte[1 << 16];
            while (in.read(buffer) >= 0) {
                // The stream feeds the digest.
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static Optional<Path> fileOf(URL resource) {
        if (!resource.getProtocol().equals("file")) {
            return Optional.empty();
        }
        try {
            return Optional.of(Path.of(resource.toURI()));
        } catch (URISyntaxException e) {
            throw new ToroidException("%s is not the address of a file".formatted(resource), e);
        }
    }

    /** Makes a directory that only its owner can write; an existing one must be so. */
    private static void preparePrivate(Path directory) throws IOException {
        if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
            Files.createDirectories(directory);
            return;
        }
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        PosixFileAttributes attributes = Files.readAttributes(directory, PosixFileAttributes.class);
        Set<PosixFilePermission> shared = EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
        shared.retainAll(attributes.permissions());
        String owner = attributes.owner().getName();
        boolean foreign = !owner.equals(currentUser()) && !owner.equals("root");
        if (foreign || !shared.isEmpty()) {
            throw new IOException("%s belongs to %s and has the permissions %s, so that others could replace what this process runs"
                    .formatted(directory, owner, PosixFilePermissions.toString(attributes.permissions())));
        }
    }

    /** As owners of files are named; a process in a container may have no user name of its own. */
    private static String currentUser() throws IOException {
        Path self = Path.of("/proc/self");
        return Files.exists(self) ? Files.getOwner(self).getName() : System.getProperty("user.name");
    }

    private static String describe(IOException e) {
        String message = e.getMessage();
        return message == null || message.isBlank() || !message.contains(" ") ? e.toString() : message;
    }
}
