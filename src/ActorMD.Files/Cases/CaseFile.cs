namespace ActorMD.Files;

public static class CaseFile;
