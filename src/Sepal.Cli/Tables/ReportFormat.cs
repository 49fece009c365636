namespace Sepal.Cli.Tables;

/// <summary>How a report is written.</summary>
internal enum ReportFormat
{
    /// <summary>Aligned columns and sentences, to be read.</summary>
    Table,

    /// <summary>One object with camelCase keys.</summary>
    Json,

    /// <summary>The first table, numbers in full, by RFC 4180.</summary>
    Csv,

    /// <summary>Tables and sentences for a document.</summary>
    Markdown,
}
