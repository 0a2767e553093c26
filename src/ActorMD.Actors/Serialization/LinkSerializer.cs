using Akka.Actor;
using Akka.Serialization;

namespace ActorMD.Actors;

/// <summary>Akka's serializer of <see cref="LinkFrame"/>; no name of a type is on the wire.</summary>
internal sealed class LinkSerializer(ExtendedActorSystem system) : Serializer(system)
{
    public override int Identifier => 7301;

    public override bool IncludeManifest => false;

    /// <summary>This serializer, and refusal in place of those of Akka's that would make an object of any type that the wire names.</summary>
    public static SerializationSetup Setup { get; } = SerializationSetup.Create(system =>
    [
        SerializerDetails.Create("actormd", new LinkSerializer(system), [typeof(LinkFrame)]),
        SerializerDetails.Create("json", new RefusingSerializer(system, 1), []),
        SerializerDetails.Create("proto", new RefusingSerializer(system, 2), []),
        SerializerDetails.Create("daemon-create", new RefusingSerializer(system, 3), []),
    ]);

    public override byte[] ToBinary(object obj) => ((LinkFrame)obj).Encode();

    public override object FromBinary(byte[] bytes, Type type) => LinkFrame.Decode(bytes);
}
