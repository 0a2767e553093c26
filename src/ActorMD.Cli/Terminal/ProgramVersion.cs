using System.Reflection;
using System.Runtime.InteropServices;
using ActorMD.Runs;

namespace ActorMD.Cli.Terminal;

/// <summary>What exactly this program is: its version, the commit it was built from, the runtime under it.</summary>
internal static class ProgramVersion
{
    /// <summary>The commit; <c>unknown</c> where the sources were no git work tree when the program was built.</summary>
    public static string Commit { get; } =
        typeof(ProgramVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+') is [
            _, { Length: > 0 } commit]
            ? commit
            : "unknown";

    /// <summary>One line for people.</summary>
    public static string Line =>
        $"ActorMD {ProductVersion.Text}, commit {Commit}, {RuntimeInformation.FrameworkDescription}, "
        + $"{RuntimeInformation.RuntimeIdentifier}";
}
