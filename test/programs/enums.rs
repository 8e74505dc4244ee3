// enums.rs: Rust's enums, references and tuples. enums.s is what rustc made of it:
//   rustc --edition 2021 -g -C panic=abort -C opt-level=0 --crate-type lib --emit asm enums.rs \
//     --remap-path-prefix $PWD=. -o enums.s && sed -Ei 's/(\.file\s+[0-9]+) "([^"]*)" "/\1 "\2\//' enums.s
#![no_std]
use core::cell::Cell;
use core::sync::atomic::{AtomicU32, Ordering};

pub enum Shape {
    Circle(f64),
    Rect { w: u32, h: u32 },
    Empty,
}

pub enum Level {
    Low = 1,
    High = 7,
}

pub struct Account {
    pub id: u32,
    pub name: &'static str,
    pub shape: Shape,
    pub limit: Option<u32>,
}

pub static HITS: AtomicU32 = AtomicU32::new(5);

#[no_mangle]
#[inline(never)]
pub extern "C" fn ready(account: &mut Account, link: &mut Option<&u32>, shared: &Cell<i16>) {
    account.limit = Some(4);
    account.limit = None;
    account.shape = Shape::Rect { w: 3, h: 4 };
    account.shape = Shape::Empty;
    *link = None;
    shared.set(8);
    HITS.fetch_add(1, Ordering::SeqCst);
}

#[no_mangle]
pub extern "C" fn main() -> i32 {
    let number = 9u32;
    let pair = (1i32, "two", 2.5f32);
    let bytes = [1u8, 2, 3];
    let tail: &[u8] = &bytes;
    let none: Option<&u32> = None;
    let deep: Option<Option<bool>> = Some(None);
    let letter: Option<char> = Some('x');
    let failed: Result<u8, &str> = Err("bad");
    let level = Level::High;
    let unit = ();
    let shared = Cell::new(7i16);
    let mut link = Some(&number);
    let mut account = Account { id: 1, name: "bob", shape: Shape::Circle(1.5), limit: None };
    ready(&mut account, &mut link, &shared);
    let _keep = (&pair, tail, none, deep, letter, &failed, &level, unit, Level::Low);
    if shared.get() == 8 { 0 } else { 1 }
}
