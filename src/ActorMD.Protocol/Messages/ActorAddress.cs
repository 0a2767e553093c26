namespace ActorMD.Protocol.Messages;

/// <summary>The parts that actors play.</summary>
public enum ActorRole : byte
{
    /// <summary>Wants times to be reached and gets the states there; keeps them for a new start.</summary>
    Client = 0,

    /// <summary>Opens and closes time slices.</summary>
    Coordinator = 1,

    /// <summary>Simulates one block.</summary>
    Domain = 2,
}

/// <summary>The receiver of a message: a runtime knows where that is.</summary>
/// <param name="Role">Its part.</param>
/// <param name="Index">The domain's index; 0 for the others.</param>
public readonly record struct ActorAddress(ActorRole Role, int Index)
{
    public static readonly ActorAddress Client = new(ActorRole.Client, 0);

    public static readonly ActorAddress Coordinator = new(ActorRole.Coordinator, 0);

    public static ActorAddress Domain(int index) => new(ActorRole.Domain, index);

    public override string ToString() => Role == ActorRole.Domain ? $"domain {Index}" : Role.ToString();
}

/// <summary>The one kind of effect that the cores have: a message to be sent.</summary>
public readonly record struct Envelope(ActorAddress To, Message Message);
