using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using ActorMD.Cli.Clusters;
using ActorMD.Cli.Terminal;

namespace ActorMD.Cli.Doctor;

/// <summary>Looks at the machine: what ActorMD uses, whether it is there, and what to do where it is not.</summary>
/// <param name="directory">Where runs would be written.</param>
internal sealed class MachineCheck(string directory)
{
    private const long DiskBytesMin = 100L << 20;
    private const long MemoryBytesMin = 256L << 20;
    private const double BytesPerParticle = 1000; // of the whole process, see docs/results.md
    private const double ClockNanosecondsMax = 500;
    private static readonly TimeSpan SdkTimeLimit = TimeSpan.FromSeconds(10);

    /// <summary>All findings, the most needed ones first.</summary>
    public IEnumerable<Finding> Findings()
    {
        yield return Program();
        yield return Cores();
        yield return Memory();
        yield return OpenSsl();
        yield return WriteRights();
        yield return Disk();
        yield return Clock();
        yield return HugePages();
        yield return Sdk();
        yield return Mpi();
        yield return Akka();
    }

    private static Finding Program() => new("program", Standing.There, ProgramVersion.Line);

    private static Finding Cores()
    {
        int cores = Environment.ProcessorCount;
        string vectors = Avx2.IsSupported ? ", AVX2" : "";
        string found = FormattableString.Invariant($"{cores}, {RuntimeInformation.ProcessArchitecture}{vectors}");
        return cores > 1
            ? new Finding("cores", Standing.There, found)
            : new Finding("cores", Standing.Optional, found, "a run is computed by one thread here; results are the same everywhere");
    }

    private static Finding Memory()
    {
        long bytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        string found = string.Create(
            CultureInfo.InvariantCulture, $"{bytes / 1e9:F1} GB, enough for some {bytes / BytesPerParticle / 1e6:F0} million particles");
        return bytes >= MemoryBytesMin
            ? new Finding("memory", Standing.There, found)
            : new Finding("memory", Standing.Missing, found, "give the process (container, job) at least 256 MB");
    }

    // .NET has SHA-256 (digests, checksums) and TLS from the system's library, and ends the process where there is none.
    private static Finding OpenSsl()
    {
        if (!OperatingSystem.IsLinux())
        {
            return new Finding("cryptography", Standing.There, "that of the system");
        }

        foreach (string library in (string[])["libssl.so.3", "libssl.so.1.1"])
        {
            if (NativeLibrary.TryLoad(library, out _))
            {
                return new Finding("cryptography", Standing.There, $"OpenSSL, {library}");
            }
        }

        return new Finding(
            "cryptography", Standing.Missing, "there is no OpenSSL", "install it (Debian and Ubuntu: package libssl3): digests need it");
    }

    private Finding WriteRights()
    {
        string path = Path.Combine(directory, $".actormd-doctor-{Environment.ProcessId}");
        try
        {
            File.WriteAllText(path, "written by actormd doctor\n");
            File.Delete(path);
            return new Finding("write rights", Standing.There, $"runs can be written to {directory}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new Finding("write rights", Standing.Missing, error.Message,
                "change to a folder of yours, or give runs another place with --out");
        }
    }

    private Finding Disk()
    {
        DriveInfo drive = new(directory);
        string found = string.Create(CultureInfo.InvariantCulture, $"{drive.AvailableFreeSpace / 1e9:F1} GB free");
        return drive.AvailableFreeSpace >= DiskBytesMin
            ? new Finding("disk", Standing.There, found)
            : new Finding("disk", Standing.Missing, found, "make room: checkpoints and trajectories need some 100 MB at least");
    }

    // Speeds are measured with it, and the deadlines of clusters.
    private static Finding Clock()
    {
        const int Readings = 100_000;
        long start = Stopwatch.GetTimestamp();
        for (int n = 0; n < Readings; n++)
        {
            Stopwatch.GetTimestamp();
        }

        double nanoseconds = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Readings;
        const string SourcePath = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
        string source = File.Exists(SourcePath) ? File.ReadAllText(SourcePath).Trim() + ", " : "";
        string found = string.Create(
            CultureInfo.InvariantCulture, $"{source}{nanoseconds:F0} ns a reading, {DateTime.UtcNow:yyyy-MM-dd HH:mm:ss} UTC");
        return Stopwatch.IsHighResolution && nanoseconds < ClockNanosecondsMax
            ? new Finding("clock", Standing.There, found)
            : new Finding("clock", Standing.Optional, found,
                "readings are slow here, so measured speeds of short runs are rough; choose the clock source tsc if the machine has it");
    }

    private static Finding HugePages()
    {
        const string Setting = "/sys/kernel/mm/transparent_hugepage/enabled";
        if (!File.Exists(Setting))
        {
            return new Finding("huge pages", Standing.Optional, "this system does not tell", "large runs are a little slower without them");
        }

        string text = File.ReadAllText(Setting).Trim();
        string chosen = text.Split('[', ']') is [_, { } word, ..] ? word : text;
        return chosen is "always" or "madvise"
            ? new Finding("huge pages", Standing.There, chosen)
            : new Finding("huge pages", Standing.Optional, chosen, $"large runs are faster with them: as root, 'echo madvise > {Setting}'");
    }

    private static Finding Sdk()
    {
        const string Remedy = "needed only to build ActorMD from its sources: install the .NET SDK 10 (Debian and Ubuntu: package "
            + "dotnet-sdk-10.0)";
        try
        {
            using Process? process = Process.Start(
                new ProcessStartInfo("dotnet", ["--list-sdks"]) { RedirectStandardOutput = true, RedirectStandardError = true });
            Task<string> output = process!.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(SdkTimeLimit))
            {
                process.Kill();
                return new Finding(".NET SDK", Standing.Optional, "dotnet does not answer", Remedy);
            }

            string[] versions = [.. output.Result.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0])];
            return versions.Any(version => version.StartsWith("10.", StringComparison.Ordinal))
                ? new Finding(".NET SDK", Standing.There, string.Join(", ", versions))
                : new Finding(".NET SDK", Standing.Optional, versions.Length == 0 ? "none" : string.Join(", ", versions), Remedy);
        }
        catch (Exception error) when (error is System.ComponentModel.Win32Exception or InvalidOperationException)
        {
            return new Finding(".NET SDK", Standing.Optional, "there is no dotnet on the PATH", Remedy);
        }
    }

    private static Finding Mpi() => Launchers.All.Single(launcher => launcher.Runtime == "mpi").Missing is not { } missing
        ? new Finding("MPI", Standing.There, "Open MPI: 'actormd launch -n 2 --runtime mpi -- run CASE.yaml'")
        : new Finding("MPI", Standing.Optional, "not usable", missing + "; needed only for --runtime mpi");

    // Its nodes talk over the network: a socket that can be opened is what they need of the machine.
    private static Finding Akka()
    {
        string version = typeof(Akka.Actor.ActorSystem).Assembly.GetName().Version!.ToString(fieldCount: 3);
        try
        {
            using TcpListener listener = new(IPAddress.Loopback, 0);
            listener.Start();
            return new Finding("Akka.NET", Standing.There, $"{version}: 'actormd launch -n 2 --runtime akka -- run CASE.yaml'");
        }
        catch (SocketException error)
        {
            return new Finding("Akka.NET", Standing.Optional, $"{version}, but no socket can be opened: {error.Message}",
                "needed only for --runtime akka");
        }
    }
}
