namespace System.Runtime.CompilerServices;

/// <summary>The runtime knows this name: an assembly that has it may use what is internal in another one.</summary>
/// <param name="assemblyName">The other one.</param>
[AttributeUsage(AttributeTargets.Assembly, AllowMultiple = true)]
internal sealed class IgnoresAccessChecksToAttribute(string assemblyName) : Attribute
{
    /// <summary>The other one.</summary>
    public string AssemblyName { get; } = assemblyName;
}
