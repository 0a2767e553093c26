using Mono.Cecil;

namespace ActorMD.Architecture.Tests;

/// <summary>Assemblies that compiled code refers to.</summary>
internal static class References
{
    /// <summary>Names of all that a room refers to.</summary>
    public static string[] Of(Room room) => Of(room.AssemblyPath);

    /// <summary>Names of all that an assembly refers to.</summary>
    public static string[] Of(string path)
    {
        using AssemblyDefinition assembly = AssemblyDefinition.ReadAssembly(path);
        return [.. assembly.MainModule.AssemblyReferences.Select(reference => reference.Name)];
    }

    public static bool IsRoom(string assembly) => assembly.StartsWith("ActorMD.", StringComparison.Ordinal);

    /// <summary>Neither a room nor a part of .NET.</summary>
    public static bool IsForeign(string assembly) =>
        !IsRoom(assembly) && assembly is not ("System" or "netstandard" or "mscorlib")
        && (assembly == "System.CommandLine" || !assembly.StartsWith("System.", StringComparison.Ordinal))
        && !assembly.StartsWith("Microsoft.Win32.", StringComparison.Ordinal);

    /// <summary>The package that a library comes with, for packages of several libraries that belong together.</summary>
    public static string PackageOf(string assembly) => assembly switch
    {
        "Akka" or "Akka.Cluster" or "Akka.Coordination" or "Akka.Remote" or "DotNetty.Codecs" or "DotNetty.Handlers" =>
            "Akka.Cluster.Tools",
        "MessagePack.Annotations" => "MessagePack",
        "OpenTelemetry.Api" => "OpenTelemetry",
        "OxyPlot" => "OxyPlot.Core",
        "Parquet" => "Parquet.Net",
        "ZstdSharp" => "ZstdSharp.Port",
        _ => assembly,
    };

    /// <summary>What is used and not declared, and what is declared and not used.</summary>
    public static IEnumerable<string> Wrong(IEnumerable<string> used, IEnumerable<string> declared) =>
    [
        .. used.Except(declared).Select(name => $"used, not declared: {name}"),
        .. declared.Except(used).Select(name => $"declared, not used: {name}"),
    ];
}
