using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using ActorMD.Actors.Networks;
using ActorMD.Actors.Security;
using ActorMD.Files.Inputs;
using ActorMD.Runs;
using Akka.Actor;
using Akka.Configuration;
using Akka.Configuration.Hocon;

namespace ActorMD.Actors.Settings;

/// <summary>The settings of one node: options, then the configuration file, then <c>reference.conf</c>.</summary>
internal sealed class AkkaSettings
{
    public const string CoordinatorRole = "coordinator";
    public const string WorkerRole = "worker";
    private const string Prefix = "ACTORMD_"; // of environment variables

    private AkkaSettings(
        string source, Config config, ImmutableList<Address> seeds, NodeCertificate? certificate,
        IPEndPoint dataEndPoint, NodeRegister? register)
    {
        Config = config;
        Seeds = seeds;
        Certificate = certificate;
        DataEndPoint = dataEndPoint;
        Register = register;
        NodeCount = Math.Max(1, Number(source, config, "NODES", "actormd.nodes"));
        Source = source;
        CanCoordinate = config.GetStringList("akka.cluster.roles").Contains(CoordinatorRole);
    }

    /// <summary>The file, for people.</summary>
    public string Source { get; }

    /// <summary>For the actor system.</summary>
    public Config Config { get; }

    /// <summary>The nodes to ask for admission; none: this node forms the cluster.</summary>
    public ImmutableList<Address> Seeds { get; }

    /// <summary>For TLS; null: connections are neither encrypted nor checked, and stay on loopback addresses.</summary>
    public NodeCertificate? Certificate { get; }

    /// <summary>Where data connections are listened for.</summary>
    public IPEndPoint DataEndPoint { get; }

    /// <summary>Of the lease folder; null: there is none.</summary>
    public NodeRegister? Register { get; }

    public bool CanCoordinate { get; }

    public int NodeCount { get; }

    /// <exception cref="InputFaultException">A file cannot be read, or a value is wrong.</exception>
    public static AkkaSettings Load(AkkaOptions options)
    {
        Config file = options.ConfigPath is { } path ? ReadFile(Path.GetFullPath(path)) : ConfigurationFactory.Empty;
        Config reference = ConfigurationFactory.FromResource<AkkaSettings>("ActorMD.Actors.Settings.reference.conf");
        string where = options.ConfigPath ?? "the cluster's settings";
        ThrowIfUnknown(where, file, reference);
        Config basis = file.WithFallback(reference);
        string folder = options.ConfigPath is null ? "" : Path.GetDirectoryName(Path.GetFullPath(options.ConfigPath))!;
        string host = options.Host ?? FromEnvironment("HOST") ?? Text(where, basis, "actormd.host");
        string bound = FromEnvironment("BIND") ?? Text(where, basis, "actormd.bind");
        string bind = bound.Length > 0 ? bound : host;
        int port = options.Port ?? Number(where, basis, "PORT", "actormd.port");
        string leaseFolder = Beside(folder, Text(where, basis, "actormd.lease-folder"));
        int dataPort = Number(where, basis, "DATA_PORT", "actormd.data-port");
        if (port is < 0 or > IPEndPoint.MaxPort)
        {
            throw Fault(where, "actormd.port", $"{port} is no TCP port", "give 0 to 65535");
        }

        if (dataPort is < 0 or > IPEndPoint.MaxPort)
        {
            throw Fault(where, "actormd.data-port", $"{dataPort} is no TCP port", "give 0 to 65535");
        }

        string[] seedsGiven = FromEnvironment("SEEDS") is { } listed
            ? listed.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            : [.. Value(where, "actormd.seeds", key => basis.GetStringList(key)).Select(seed => seed ?? "")]; // null: no text
        NodeCertificate? certificate = ReadCertificate(where, folder, basis);
        ImmutableList<Address> seeds = [.. seedsGiven.Select(seed => SeedAddress(where, seed, isTls: certificate is not null))];
        if (certificate is null && ((string[])[host, bind, .. seeds.Select(seed => seed.Host)]).FirstOrDefault(name => !IsLoopback(name)) is { } distant)
        {
            throw Fault(
                where, "actormd.certificate-file", $"a node without a certificate talks on loopback addresses only, not with {distant}",
                "make one with 'actormd certificate --out DIR' and give it to all nodes (actormd.certificate-file), or use the address 127.0.0.1");
        }

        NodeRegister? register = leaseFolder.Length > 0 ? new NodeRegister(leaseFolder) : null;
        if (register is not null && !seeds.IsEmpty)
        {
            // Those that go on are asked, too: a first node that comes back would form a cluster of its own beside theirs.
            seeds = [.. seeds.Concat(register.Joined
                .Where(node => (node.Host != host || node.Port != port) && (certificate is not null || IsLoopback(node.Host)))
                .Select(node => AddressOf(node.Host, node.Port, isTls: certificate is not null))).Distinct()];
        }

        ImmutableArray<string> roles = options.CanCoordinate ? [WorkerRole, CoordinatorRole] : [WorkerRole];
        string text = FormattableString.Invariant($$"""
            akka.remote.dot-netty.tcp {
              hostname = {{Quoted(bind)}}
              public-hostname = {{Quoted(host)}}
              port = {{port}}
              enable-ssl = {{(certificate is not null ? "true" : "false")}}
            }
            akka.cluster.roles = [{{string.Join(", ", roles.Select(Quoted))}}]
            actormd.folder-lease.folder = {{Quoted(leaseFolder)}}
            """);
        if (leaseFolder.Length > 0)
        {
            text += "\nakka.cluster.split-brain-resolver.active-strategy = lease-majority";
        }

        Config config = ConfigurationFactory.ParseString(text).WithFallback(basis)
            .WithFallback(ConfigurationFactory.ParseString($"akka.cluster.app-version = {Quoted(ProductVersion.Text)}"));
        return new AkkaSettings(
            where, config, seeds, certificate, new IPEndPoint(AddressOf(where, bind), dataPort), register);
    }

    private static IPAddress AddressOf(string where, string bind)
    {
        if (IPAddress.TryParse(bind, out IPAddress? address))
        {
            return address;
        }

        try
        {
            return Dns.GetHostAddresses(bind).FirstOrDefault()
                ?? throw Fault(where, "actormd.bind", $"'{bind}' has no address", "give an address of this machine, such as 192.168.1.12");
        }
        catch (SocketException error)
        {
            throw Fault(where, "actormd.bind", $"'{bind}' has no address: {error.Message}", "give an address of this machine, such as 192.168.1.12");
        }
    }

    private static Config ReadFile(string path)
    {
        try
        {
            string folder = Path.GetDirectoryName(path)!;
            return ConfigurationFactory.ParseString(Read(path), included => ReadTree(Path.Combine(folder, included), 1));
        }
        catch (Exception error) when (error is not InputFaultException)
        {
            throw Fault(path, null, error.Message, "give a HOCON file such as cluster-config/one-machine.conf");
        }

        static HoconRoot ReadTree(string path, int depth)
        {
            const int DepthMax = 16;
            if (depth > DepthMax)
            {
                throw Fault(path, null, "files include each other without end", "let no file include itself, or one that includes it");
            }

            string folder = Path.GetDirectoryName(path)!;
            return Parser.Parse(Read(path), included => ReadTree(Path.Combine(folder, included), depth + 1));
        }

        static string Read(string path)
        {
            string text = File.ReadAllText(path);
            HoconCheck.Check(path, text);
            return text;
        }
    }

    // What Akka.NET throws at a value of another kind says little, and not where.
    private static T Value<T>(string where, string key, Func<string, T> read)
    {
        try
        {
            return read(key) ?? throw Fault(where, key, "it has no value", "give one, or leave the setting out");
        }
        catch (Exception error) when (error is not InputFaultException)
        {
            throw Fault(where, key, $"its value cannot be read: {error.Message}", "compare it with cluster-config/one-machine.conf");
        }
    }

    private static string Text(string where, Config config, string key) => Value(where, key, name => config.GetString(name));

    // Of the environment, or of the file.
    private static int Number(string where, Config config, string variable, string key) =>
        FromEnvironment(variable) is not { } text ? Value(where, key, name => config.GetInt(name))
        : int.TryParse(text, CultureInfo.InvariantCulture, out int number) ? number
        : throw Fault("the environment", $"{Prefix}{variable}", $"'{text}' is no whole number", "give one, or unset it");

    // A misspelt setting would have no effect.
    private static void ThrowIfUnknown(string where, Config file, Config reference)
    {
        const string Own = "actormd";
        HoconValue given = Value(where, Own, key => (file.IsEmpty ? null : file.GetValue(key)) ?? reference.GetValue(key));
        if (!given.IsObject())
        {
            throw Fault(where, Own, "it is no group of settings", "write actormd { ... }");
        }

        Config[] settings = [reference, HostConfig.Dispatchers(workers: 1)];
        string[] known = [.. settings.SelectMany(config => config.GetValue(Own).GetObject().Items.Keys)];
        foreach (string key in given.GetObject().Items.Keys.Except(known))
        {
            string possible = string.Join(", ", known.Order(StringComparer.Ordinal));
            throw Fault(where, $"{Own}.{key}", "there is no such setting", $"possible are {possible}");
        }
    }

    private static NodeCertificate? ReadCertificate(string where, string folder, Config basis)
    {
        string path = PathOf("certificate-file"), keyPath = PathOf("certificate-key-file");
        string pinned = PathOf("pinned-file"), authority = PathOf("authority-file");
        if (path.Length == 0 || keyPath.Length == 0)
        {
            return path.Length + keyPath.Length + pinned.Length + authority.Length == 0
                ? null
                : throw Fault(
                    where, "actormd.certificate-file", "a certificate and its private key belong together, and no node is checked without them",
                    "give both actormd.certificate-file and actormd.certificate-key-file, or none of the files");
        }

        if (pinned.Length > 0 && authority.Length > 0)
        {
            throw Fault(
                where, "actormd.pinned-file", "the other nodes are known by pinned certificates or by an authority, not by both",
                "give actormd.pinned-file or actormd.authority-file");
        }

        X509Certificate2 certificate = CertificateFiles.Read(path, keyPath);
        bool checksHosts = Value(where, "actormd.host-check", key => basis.GetBoolean(key));
        return authority.Length > 0
            ? NodeCertificate.Issued(certificate, CertificateFiles.ReadMany(authority), checksHosts)
            : NodeCertificate.Pinned(certificate, pinned.Length > 0 ? CertificateFiles.ReadMany(pinned) : [certificate]);

        string PathOf(string name) => Beside(folder, Text(where, basis, "actormd." + name));
    }

    // What differs from node to node where all have the same file: Slurm, Kubernetes, scripts/launch-cluster.
    private static string? FromEnvironment(string name) =>
        Environment.GetEnvironmentVariable(Prefix + name) is { Length: > 0 } value ? value : null;

    private static Address SeedAddress(string where, string seed, bool isTls)
    {
        int colon = seed.LastIndexOf(':');
        if (colon < 1 || !ushort.TryParse(seed.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out ushort port) || port == 0)
        {
            throw Fault(where, "actormd.seeds", $"'{seed}' is no address of a node", "give host:port, such as 127.0.0.1:4053");
        }

        return AddressOf(seed[..colon], port, isTls);
    }

    private static Address AddressOf(string host, int port, bool isTls) =>
        new(isTls ? "akka.ssl.tcp" : "akka.tcp", HostConfig.SystemName, host, port);

    private static bool IsLoopback(string host) => IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address);

    private static string Beside(string folder, string path) => path.Length == 0 ? "" : Path.Combine(folder, path);

    private static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\").Replace("\"", "\\\"")}\"";

    private static InputFaultException Fault(string where, string? key, string problem, string remedy) =>
        new(new InputFault(where, null, key, problem, remedy));
}
