using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using ActorMD.Files;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace ActorMD.Actors;

/// <summary>The settings of one node: options, then the configuration file, then <c>reference.conf</c>.</summary>
internal sealed class AkkaSettings
{
    public const string SystemName = "actormd";
    public const string CoordinatorRole = "coordinator";
    public const string WorkerRole = "worker";
    private const int SecretLengthMin = 16;
    private const int FrameReserve = 65536;

    private AkkaSettings(Config config, byte[] secret, X509Certificate2? certificate, int chunkLength)
    {
        Config = config;
        Secret = secret;
        Certificate = certificate;
        ChunkLength = chunkLength;
        Window = config.GetInt("actormd.window");
        ReceiptTimeout = config.GetTimeSpan("actormd.receipt-timeout");
        NodeCount = Math.Max(1, int.TryParse(FromEnvironment("NODES"), CultureInfo.InvariantCulture, out int count) ? count : config.GetInt("actormd.nodes"));
        CanCoordinate = config.GetStringList("akka.cluster.roles").Contains(CoordinatorRole);
    }

    /// <summary>For the actor system.</summary>
    public Config Config { get; }

    public byte[] Secret { get; }

    /// <summary>With its private key, for TLS; null: connections are not encrypted.</summary>
    public X509Certificate2? Certificate { get; }

    /// <summary>Whether the certificates of other nodes must be issued by an authority that this machine trusts, for their address.</summary>
    public bool IsCertificateChecked => Config.GetBoolean("actormd.certificate-check");

    public int ChunkLength { get; }

    public int Window { get; }

    public TimeSpan ReceiptTimeout { get; }

    public bool CanCoordinate { get; }

    public int NodeCount { get; }

    /// <exception cref="InputFaultException">A file cannot be read, or a value is wrong.</exception>
    public static AkkaSettings Load(AkkaOptions options)
    {
        Config file = options.ConfigPath is { } path ? ReadFile(Path.GetFullPath(path)) : ConfigurationFactory.Empty;
        Config basis = file.WithFallback(ConfigurationFactory.FromResource<AkkaSettings>("ActorMD.Actors.Settings.reference.conf"));
        string where = options.ConfigPath ?? "the cluster's settings";
        string folder = options.ConfigPath is null ? "" : Path.GetDirectoryName(Path.GetFullPath(options.ConfigPath))!;
        string host = options.Host ?? FromEnvironment("HOST") ?? basis.GetString("actormd.host");
        string bind = FromEnvironment("BIND") ?? (basis.GetString("actormd.bind") is { Length: > 0 } given ? given : host);
        int port = options.Port ?? (int.TryParse(FromEnvironment("PORT"), CultureInfo.InvariantCulture, out int wanted) ? wanted : basis.GetInt("actormd.port"));
        string secretPath = options.SecretPath ?? Beside(folder, basis.GetString("actormd.secret-file"));
        string leaseFolder = options.LeaseFolder ?? Beside(folder, basis.GetString("actormd.lease-folder"));
        int frame = (int)(basis.GetByteSize("akka.remote.dot-netty.tcp.maximum-frame-size") ?? 0);
        int chunkLength = basis.GetInt("actormd.chunk-length");
        if (port is < 0 or > IPEndPoint.MaxPort)
        {
            throw Fault(where, "actormd.port", $"{port} is no TCP port", "give 0 to 65535");
        }

        if (chunkLength < 1024 || chunkLength > frame - FrameReserve)
        {
            throw Fault(
                where, "actormd.chunk-length", $"{chunkLength} bytes do not fit into frames of {frame} bytes",
                FormattableString.Invariant($"give 1024 to {frame - FrameReserve}, or raise akka.remote.dot-netty.tcp.maximum-frame-size"));
        }

        byte[] secret = ReadSecret(secretPath);
        if (secret.Length == 0 && !(IsLoopback(host) && IsLoopback(bind)))
        {
            throw Fault(
                where, "actormd.secret-file", $"a node that can be reached at {bind} needs a shared secret",
                "give --secret FILE or actormd.secret-file, or use the address 127.0.0.1");
        }

        IEnumerable<string> seedsGiven = !options.Seeds.IsEmpty ? options.Seeds
            : FromEnvironment("SEEDS") is { } listed ? listed.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : basis.GetStringList("actormd.seeds");
        X509Certificate2? certificate = ReadCertificate(
            Beside(folder, basis.GetString("actormd.certificate-file")), Beside(folder, basis.GetString("actormd.certificate-key-file")));
        bool isTls = certificate is not null;
        ImmutableArray<string> seeds = [.. seedsGiven.Select(seed => SeedAddress(where, seed, isTls))];
        ImmutableArray<string> roles = options.CanCoordinate ? [WorkerRole, CoordinatorRole] : [WorkerRole];
        string text = FormattableString.Invariant($$"""
            akka.remote.dot-netty.tcp {
              hostname = {{Quoted(bind)}}
              public-hostname = {{Quoted(host)}}
              port = {{port}}
              enable-ssl = {{(isTls ? "true" : "false")}}
            }
            akka.cluster.seed-nodes = [{{string.Join(", ", seeds.Select(Quoted))}}]
            akka.cluster.roles = [{{string.Join(", ", roles.Select(Quoted))}}]
            actormd.folder-lease.folder = {{Quoted(leaseFolder)}}
            """);
        if (leaseFolder.Length > 0)
        {
            text += "\nakka.cluster.split-brain-resolver.active-strategy = lease-majority";
        }

        return new AkkaSettings(ConfigurationFactory.ParseString(text).WithFallback(basis), secret, certificate, chunkLength);
    }

    private static Config ReadFile(string path)
    {
        try
        {
            string folder = Path.GetDirectoryName(path)!;
            return ConfigurationFactory.ParseString(
                File.ReadAllText(path), included => ReadTree(Path.Combine(folder, included)));
        }
        catch (Exception error) when (error is not InputFaultException)
        {
            throw Fault(path, null, error.Message, "give a HOCON file such as cluster-config/one-machine.conf");
        }

        static HoconRoot ReadTree(string path)
        {
            string folder = Path.GetDirectoryName(path)!;
            return Parser.Parse(File.ReadAllText(path), included => ReadTree(Path.Combine(folder, included)));
        }
    }

    private static byte[] ReadSecret(string path)
    {
        if (path.Length == 0)
        {
            return [];
        }

        byte[] secret;
        try
        {
            secret = File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Fault(path, null, $"the shared secret cannot be read: {error.Message}", "make one with: head -c 32 /dev/urandom > FILE");
        }

        return secret.Length >= SecretLengthMin
            ? secret
            : throw Fault(
                path, null, $"the shared secret has {secret.Length} bytes, at least {SecretLengthMin} are required",
                "make one with: head -c 32 /dev/urandom > FILE");
    }

    private static X509Certificate2? ReadCertificate(string path, string keyPath)
    {
        if (path.Length == 0)
        {
            return null;
        }

        try
        {
            return X509Certificate2.CreateFromPemFile(path, keyPath);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            throw Fault(
                path, null, $"the certificate or its key cannot be read: {error.Message}",
                "give actormd.certificate-file and actormd.certificate-key-file in the PEM format");
        }
    }

    // What differs from node to node where all have the same file: Slurm, Kubernetes, scripts/launch-cluster.
    private static string? FromEnvironment(string name) =>
        Environment.GetEnvironmentVariable("ACTORMD_" + name) is { Length: > 0 } value ? value : null;

    private static string SeedAddress(string where, string seed, bool isTls)
    {
        int colon = seed.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(seed.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
        {
            throw Fault(where, "actormd.seeds", $"'{seed}' is no address of a node", "give host:port, such as 127.0.0.1:4053");
        }

        return FormattableString.Invariant($"akka.{(isTls ? "ssl." : "")}tcp://{SystemName}@{seed[..colon]}:{port}");
    }

    private static bool IsLoopback(string host) => IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address);

    private static string Beside(string folder, string path) => path.Length == 0 ? "" : Path.Combine(folder, path);

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";

    private static InputFaultException Fault(string where, string? key, string problem, string remedy) =>
        new(new InputFault(where, null, key, problem, remedy));
}
