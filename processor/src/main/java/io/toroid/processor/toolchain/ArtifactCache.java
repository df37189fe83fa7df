package io.toroid.processor.toolchain;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;

/**
 * Compiled objects and libraries by the hash of all that went into them, in a directory that several compilers may share.
 *
 * <p>An entry is written to a file of its own and then moved to its name, so that there is never half an entry; it begins
 * with the hash of its content, so that a damaged one is noticed, deleted and made again. Entries used least recently go
 * when the directory grows beyond its limit. The cache is a convenience: if the directory cannot be used, nothing is found
 * and nothing is kept.
 */
public final class ArtifactCache {
    private static final byte[] MAGIC = "toroid-artifact-1\n".getBytes(StandardCharsets.US_ASCII);
    private static final int HASH_LENGTH = 64;
    private static final int HEADER_LENGTH = MAGIC.length + HASH_LENGTH + 1;
    private static final long DEFAULT_LIMIT = 2L << 30;
    private static final Duration ABANDONED = Duration.ofHours(1);

    private final Optional<Path> directory;
    private final long limit;
    private final AtomicBoolean grown = new AtomicBoolean();

    private ArtifactCache(Optional<Path> directory, long limit) {
        this.directory = directory;
        this.limit = limit;
    }

    /** A cache that keeps nothing. */
    public static ArtifactCache none() {
        return new ArtifactCache(Optional.empty(), 0);
    }

    public static ArtifactCache at(Path directory) {
        return at(directory, DEFAULT_LIMIT);
    }

    /** @param limit in bytes */
    public static ArtifactCache at(Path directory, long limit) {
        return new ArtifactCache(Optional.of(directory.toAbsolutePath()).filter(ArtifactCache::isUsable), limit);
    }

    /**
     * The cache in the option's directory, else that of {@code TOROID_CACHE}, else {@code $XDG_CACHE_HOME/toroid}, else
     * {@code ~/.cache/toroid}, else a private directory beside the temporary files. A directory that somebody named and that
     * cannot be used is not replaced by another.
     */
    public static ArtifactCache find(Optional<Path> option, Map<String, String> environment) {
        Optional<Path> named = option.or(() -> variable(environment, "TOROID_CACHE"));
        if (named.isPresent()) {
            return at(named.get());
        }
        Path home = Path.of(System.getProperty("user.home", "?"), ".cache");  // "?" is what a user without a home gets
        Path usual = variable(environment, "XDG_CACHE_HOME").filter(Path::isAbsolute).orElse(home).resolve("toroid");
        return usual.isAbsolute() && isUsable(usual) ? at(usual) : privateTemporary();
    }

    private static Optional<Path> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank()).map(Path::of);
    }

    /** Only if it belongs to this user and nobody else may write to it: what lies there will be loaded and run. */
    private static ArtifactCache privateTemporary() {
        String user = System.getProperty("user.name", "user");
        Path directory = Path.of(System.getProperty("java.io.tmpdir"), "toroid-cache-" + user.replaceAll("[^A-Za-z0-9._-]", "_"));
        Set<PosixFilePermission> ownerOnly = PosixFilePermissions.fromString("rwx------");
        try {
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(ownerOnly));
            }
            boolean isPrivate = Files.getPosixFilePermissions(directory).equals(ownerOnly)
                    && Files.getOwner(directory).getName().equals(user);
            return isPrivate ? at(directory) : none();
        } catch (IOException | UnsupportedOperationException unusable) {
            return none();
        }
    }

    private static boolean isUsable(Path directory) {
        try {
            Files.createDirectories(directory);
            return Files.isWritable(directory);
        } catch (IOException unusable) {
            return false;
        }
    }

    /** Where the entries are; empty if nothing can be kept. */
    public Optional<Path> directory() {
        return directory;
    }

    Optional<byte[]> get(String key) {
        return directory.map(root -> file(root, key)).flatMap(ArtifactCache::read);
    }

    private static Optional<byte[]> read(Path file) {
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (!isIntact(bytes)) {
                Files.deleteIfExists(file);
                return Optional.empty();
            }
            touch(file);
            return Optional.of(Arrays.copyOfRange(bytes, HEADER_LENGTH, bytes.length));
        } catch (IOException absent) {
            return Optional.empty();
        }
    }

    private static boolean isIntact(byte[] bytes) {
        if (bytes.length < HEADER_LENGTH || !Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            return false;
        }
        String stored = new String(bytes, MAGIC.length, HASH_LENGTH, StandardCharsets.US_ASCII);
        return stored.equals(Digest.of(Arrays.copyOfRange(bytes, HEADER_LENGTH, bytes.length)));
    }

    /** The time of last use, which decides who goes first; access times are switched off on many machines. */
    private static void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        } catch (IOException readOnly) {
            // The entry counts as older than it is.
        }
    }

    void put(String key, byte[] content) {
        directory.ifPresent(root -> write(file(root, key), content));
    }

    private void write(Path file, byte[] content) {
        Path unfinished = null;
        try {
            Files.createDirectories(file.getParent());
            unfinished = Files.createTempFile(file.getParent(), "unfinished", ".tmp");
            try (var stream = Files.newOutputStream(unfinished)) {
                stream.write(MAGIC);
                stream.write((Digest.of(content) + "\n").getBytes(StandardCharsets.US_ASCII));
                stream.write(content);
            }
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            grown.set(true);
        } catch (IOException unusable) {
            delete(unfinished);
        }
    }

    private static Path file(Path root, String key) {
        return root.resolve(key.substring(0, 2)).resolve(key.substring(2));
    }

    /** Removes the least recently used entries beyond the limit, and what killed builds left; does nothing if nothing was added. */
    void trim() {
        if (directory.isPresent() && grown.getAndSet(false)) {
            trim(directory.get());
        }
    }

    private record Entry(Path file, long bytes, Instant lastUse) {
    }

    private void trim(Path root) {
        List<Entry> entries;
        try (Stream<Path> files = Files.walk(root, 2)) {
            entries = files.filter(Files::isRegularFile).flatMap(ArtifactCache::entry)
                    .sorted(Comparator.comparing(Entry::lastUse).reversed()).toList();
        } catch (IOException | UncheckedIOException changedMeanwhile) {
            return;
        }
        long kept = 0;
        for (Entry entry : entries) {
            boolean abandoned = entry.file.toString().endsWith(".tmp") && entry.lastUse.isBefore(Instant.now().minus(ABANDONED));
            kept += entry.bytes;
            if (kept > limit || abandoned) {
                delete(entry.file);
            }
        }
    }

    private static Stream<Entry> entry(Path file) {
        try {
            return Stream.of(new Entry(file, Files.size(file), Files.getLastModifiedTime(file).toInstant()));
        } catch (IOException goneMeanwhile) {
            return Stream.empty();
        }
    }

    private static void delete(Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException keptByOthers) {
            // The next trim tries again.
        }
    }
}
