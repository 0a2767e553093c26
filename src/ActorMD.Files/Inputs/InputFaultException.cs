using System.Collections.Immutable;

namespace ActorMD.Files.Inputs;

/// <summary>What a user gave cannot be used: exit code 2, nothing was written.</summary>
public sealed class InputFaultException(ImmutableArray<InputFault> faults) : Exception(string.Join('\n', faults))
{
    public InputFaultException(InputFault fault)
        : this([fault])
    {
    }

    public ImmutableArray<InputFault> Faults { get; } = faults;
}
