from flask import Blueprint, abort

users_bp = Blueprint("users", __name__)

users = {
    1: {"id": 1, "name": "Ada"},
    2: {"id": 2, "name": "Grace"},
}


@users_bp.get("/users")
def list_users():
    return list(users.values())


@users_bp.get("/users/<int:user_id>")
def get_user(user_id):
    if user_id not in users:
        abort(404, description="There is no user with that number.")
    return users[user_id]
