//! Tokens: what the scanner makes of the source text.

/// The kind of a token. Literals keep their text in [`Token::lexeme`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TokenKind {
    LeftParen,
    RightParen,
    LeftBrace,
    RightBrace,
    Comma,
    Dot,
    Minus,
    Plus,
    Semicolon,
    Slash,
    Star,
    Bang,
    BangEqual,
    Equal,
    EqualEqual,
    Greater,
    GreaterEqual,
    Less,
    LessEqual,
    Identifier,
    String,
    Number,
    And,
    Class,
    Else,
    False,
    For,
    Fun,
    If,
    Nil,
    Or,
    Print,
    Return,
    Super,
    This,
    True,
    Var,
    While,
    End,
}

impl TokenKind {
    /// The keyword spelled `text`, or `Identifier`.
    pub(crate) fn of_word(text: &str) -> Self {
        match text {
            "and" => Self::And,
            "class" => Self::Class,
            "else" => Self::Else,
            "false" => Self::False,
            "for" => Self::For,
            "fun" => Self::Fun,
            "if" => Self::If,
            "nil" => Self::Nil,
            "or" => Self::Or,
            "print" => Self::Print,
            "return" => Self::Return,
            "super" => Self::Super,
            "this" => Self::This,
            "true" => Self::True,
            "var" => Self::Var,
            "while" => Self::While,
            _ => Self::Identifier,
        }
    }

    /// Whether a statement can begin here, which is where the parser resumes after an error.
    pub(crate) fn begins_statement(self) -> bool {
        matches!(
            self,
            Self::Class | Self::Fun | Self::Var | Self::For | Self::If | Self::While | Self::Print | Self::Return
        )
    }
}

/// One token of the source text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'src> {
    /// What it is.
    pub(crate) kind: TokenKind,
    /// Its characters in the source; empty for `End`.
    pub(crate) lexeme: &'src str,
    /// The line its last character is on, counted from 1.
    pub(crate) line: u32,
}
